"""Reading the environment: every value is checked, and a bad one is refused in a plain sentence."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
SHORTEST_SECRET = 50


class Env:
    """Typed access to a mapping of environment variables; an empty variable counts as absent."""

    def __init__(self, source: Mapping[str, str]) -> None:
        self.source = source

    def text(self, name: str, default: str = "") -> str:
        return self.source.get(name, "").strip() or default

    def required(self, name: str, why: str) -> str:
        if not (value := self.text(name)):
            raise ImproperlyConfigured(f"{name} is not set: {why}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name).lower()
        if value and value not in YES | NO:
            raise ImproperlyConfigured(
                f"{name} must be 1 or 0 (also true/false, yes/no, on/off), not {value!r}."
            )
        return value in YES if value else default

    def choice(self, name: str, default: str, choices: set[str]) -> str:
        """One of the (upper case) choices."""
        value = self.text(name, default).upper()
        if value not in choices:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(sorted(choices))}, not {value!r}.")
        return value

    def integer(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) < 19 and least <= int(value) <= most):
            raise ImproperlyConfigured(
                f"{name} must be a whole number from {least} to {most}, not {value!r}."
            )
        return int(value)

    def names(self, name: str) -> list[str]:
        """A list separated by commas, without blanks."""
        return [part for part in (raw.strip() for raw in self.text(name).split(",")) if part]

    def folder(self, name: str, default: Path) -> Path:
        """An absolute folder, created when missing."""
        folder = Path(self.text(name, str(default))).expanduser().resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}: the folder {folder} cannot be made ({error.strerror})."
            ) from error
        return folder

    def hosts(self, name: str) -> list[str]:
        """Host names this site answers to; a wildcard would let any host into its links and is refused."""
        hosts = self.names(name)
        if not hosts:
            raise ImproperlyConfigured(
                f"{name} is not set: name the host people type, for example align.example.com."
            )
        for host in hosts:
            if "*" in host or "/" in host or host.startswith("."):
                raise ImproperlyConfigured(
                    f"{name} must be plain host names separated by commas, not {host!r}."
                )
        return hosts

    def web_address(self, name: str, default: str) -> str:
        """Scheme and host of this site as people reach it, without a slash at the end."""
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            raise ImproperlyConfigured(f"{name} must look like https://align.example.com, not {value!r}.")
        return value

    def secret(self, name: str) -> str:
        """A key long and varied enough to sign sessions with."""
        value = self.required(name, f"production needs a random key of {SHORTEST_SECRET} characters or more.")
        if (
            len(value) < SHORTEST_SECRET
            or len(set(value)) < 5
            or value.startswith(("django-insecure-", "change-me"))
        ):
            raise ImproperlyConfigured(
                f"{name} is too short, too plain or still the example: "
                f"production needs a random key of {SHORTEST_SECRET} characters or more."
            )
        return value

    def provider(self, name: str) -> list[dict[str, Any]]:
        """The OpenID Connect provider of NAME_ISSUER, _CLIENT_ID, _CLIENT_SECRET
        and _NAME; none without an issuer."""
        issuer = self.text(f"{name}_ISSUER").rstrip("/")
        if not issuer:
            return self._no_provider(name)
        parts = urlsplit(issuer)
        nearby = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if not parts.hostname or (parts.scheme != "https" and not (nearby and parts.scheme == "http")):
            raise ImproperlyConfigured(
                f"{name}_ISSUER must look like https://login.example.com, not {issuer!r}."
            )
        if parts.query or parts.fragment or parts.username:
            raise ImproperlyConfigured(f"{name}_ISSUER must be an address without ?, # and @.")
        needed = "sign-in through a provider needs what the provider gave for this site."
        client = self.required(f"{name}_CLIENT_ID", needed)
        secret = self.required(f"{name}_CLIENT_SECRET", needed)
        named = {"provider_id": "company", "name": self.text(f"{name}_NAME", parts.hostname)[:40]}
        return [{**named, "client_id": client, "secret": secret, "settings": {"server_url": issuer}}]

    def _no_provider(self, name: str) -> list[dict[str, Any]]:
        for part in ("NAME", "CLIENT_ID", "CLIENT_SECRET"):
            if self.text(f"{name}_{part}"):
                raise ImproperlyConfigured(
                    f"{name}_{part} is set, but {name}_ISSUER is not: name the provider."
                )
        return []

    def broker(self, name: str) -> str:
        value = self.text(name)
        parts = urlsplit(value)
        if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
            raise ImproperlyConfigured(
                f"{name} must look like redis://host:6379/0 (its value is not shown here)."
            )
        return value


def postgres(name: str, url: str) -> dict[str, Any]:
    """DATABASES entry from postgresql://user:password@host:port/name?option=value."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} has a port that is not a number (its value is not shown here)."
        ) from error
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not database:
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host:5432/name (its value is not shown here)."
        )
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,  # else the first request after a database restart fails
        "OPTIONS": {"connect_timeout": 5, **options},
    }


def sqlite(path: Path) -> dict[str, Any]:
    """DATABASES entry for one file shared by web, worker and beat without "database is locked"."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
                "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000"
            ),
        },
    }


def mail(name: str, url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from smtp://, smtp+tls://, smtps:// or file: (DATA_DIR/mail/*.eml)."""
    if url in {"file:", "file://"}:
        return {"EMAIL_BACKEND": "alignment.outbox.file_backend.EmailBackend"}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} has a port that is not a number (its value is not shown here)."
        ) from error
    usual_ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in usual_ports or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} must look like smtp+tls://user:password@host:587, or smtps:, smtp: or file: "
            "(its value is not shown here)."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual_ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,  # worker threads have no time limit of their own
    }


def kept_secret(path: Path) -> str:
    """The key in `path`, made on first use; several processes starting at once agree on one."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # fails when another process was first, whose key then counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

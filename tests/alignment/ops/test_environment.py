import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from alignment.ops.environment import Env, kept_secret, mail, postgres

ROOT = Path(__file__).parents[3]
GOOD = {
    "DATABASE_URL": "postgresql://me:p%40ss@db.internal:6543/align?sslmode=require",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "k3y-" + "abcdefghij0123456789" * 3,
    "ALLOWED_HOSTS": "align.example.com",
    "EMAIL_URL": "smtp+tls://u:p@mail.example.com:587",
}


@pytest.mark.parametrize(
    ("value", "flag"), [("1", True), ("Yes", True), ("off", False), ("0", False), ("", True)]
)
def test_a_flag_reads_the_usual_words(value, flag):
    assert Env({"X": value}).flag("X", default=True) is flag


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (lambda env: env.flag("X", default=False), "maybe", "X must be 1 or 0"),
        (lambda env: env.integer("X", 1, least=1, most=9), "ten", "X must be a whole number from 1 to 9"),
        (lambda env: env.integer("X", 1, least=1, most=9), "10", "X must be a whole number from 1 to 9"),
        (lambda env: env.integer("X", 1, least=1, most=9), "٣", "X must be a whole number from 1 to 9"),
        (lambda env: env.choice("X", "A", {"A", "B"}), "c", "X must be one of A, B"),
        (lambda env: env.required("X", "it names the thing."), " ", "X is not set: it names the thing."),
        (lambda env: env.hosts("X"), "", "X is not set"),
        (lambda env: env.hosts("X"), "*", "X must be plain host names"),
        (lambda env: env.hosts("X"), "a.example, .example", "X must be plain host names"),
        (lambda env: env.hosts("X"), "https://a.example", "X must be plain host names"),
        (lambda env: env.web_address("X", ""), "a.example", "X must look like https://"),
        (lambda env: env.web_address("X", ""), "https://a.example/sub", "X must look like https://"),
        (lambda env: env.secret("X"), "short", "X is too short"),
        (lambda env: env.secret("X"), "a" * 80, "X is too short, too plain"),
        (lambda env: env.secret("X"), "django-insecure-" + "abcdefghij" * 9, "still the example"),
        (lambda env: env.broker("X"), "http://a.example", "X must look like redis://"),
        (lambda env: env.folder("X", Path()), "/dev/null/here", "cannot be made"),
        (lambda env: postgres("X", env.text("X")), "mysql://a/b", "X must look like postgresql://"),
        (lambda env: postgres("X", env.text("X")), "postgresql://host/", "X must look like postgresql://"),
        (lambda env: postgres("X", env.text("X")), "postgresql://host:port/b", "a port that is not a number"),
        (lambda env: mail("X", env.text("X")), "mail.example.com", "X must look like smtp+tls://"),
        (lambda env: mail("X", env.text("X")), "smtp://mail.example.com:mail", "a port that is not a number"),
    ],
)
def test_a_bad_value_is_refused_in_a_sentence(read, value, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence.replace("+", r"\+")):
        read(Env({"X": value}))


def test_a_database_address_keeps_its_escaped_password_and_options():
    entry = postgres("X", GOOD["DATABASE_URL"])
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == (
        "me",
        "p@ss",
        "db.internal",
        "6543",
    )
    assert entry["OPTIONS"]["sslmode"] == "require"


def test_a_refusal_never_shows_a_password():
    with pytest.raises(ImproperlyConfigured) as refusal:
        postgres("DATABASE_URL", "mysql://me:hunter2@db/x")
    assert "hunter2" not in str(refusal.value)


def test_the_kept_secret_stays_the_same_and_private(tmp_path):
    first = kept_secret(tmp_path / "key")
    assert kept_secret(tmp_path / "key") == first
    assert len(first) > 50
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def read_setting(expression: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    code = f"from alignment import settings; print(({expression}))"
    plain = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=plain | {"DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"REDIS_URL": ""}, "Set both DATABASE_URL and REDIS_URL"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "change-me-" + "abcdefghij" * 9}, "still the example"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "plain host names"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is not set"),
        ({"DEBUG": "1"}, "DEBUG shows secrets"),
        ({"PORT": "0"}, "PORT must be a whole number"),
    ],
)
def test_production_does_not_start_with(change, sentence, tmp_path):
    answer = read_setting("1", tmp_path, **(GOOD | change))
    assert answer.returncode == 1
    assert sentence in answer.stderr


def test_production_is_secure_by_default(tmp_path):
    answer = read_setting(
        "settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS > 0,"
        " settings.BASE_URL, settings.EMBEDDED",
        tmp_path,
        **GOOD,
    )
    assert answer.stdout.strip() == "(True, True, True, 'https://align.example.com', False)"


def test_the_embedded_default_needs_no_variable_at_all(tmp_path):
    answer = read_setting(
        "settings.EMBEDDED, settings.ALLOWED_HOSTS, len(settings.SECRET_KEY) > 50", tmp_path
    )
    assert answer.stdout.strip() == "(True, ['localhost', '127.0.0.1', '[::1]'], True)"

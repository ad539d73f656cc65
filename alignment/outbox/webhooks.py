"""Incoming webhooks of Slack and Teams: a line and a link, into a channel
that others may read. No meeting content.

The address is a secret: anybody who knows it can post there. It is never logged and never part of an error.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

SLACK = "hooks.slack.com"
TEAMS = (".webhook.office.com", ".logic.azure.com")
TIMEOUT = 5.0  # seconds

logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every address at INFO


class WebhookRejected(Exception):
    """The chat will never take this. The message is a sentence for people."""


class WebhookUnavailable(Exception):
    """The chat did not take this now; a later attempt may succeed."""


def validate_address(address: str) -> str:
    """The address if it is one of a service we know. Raises WebhookRejected with a sentence otherwise."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or ""), parts.port
    except ValueError as wrong:
        raise WebhookRejected("This is not a web address.") from wrong
    if parts.scheme != "https":
        raise WebhookRejected("The address must begin with https://.")
    known = host == SLACK or (host.endswith(TEAMS) and host.isascii())
    if not known or port not in (None, 443) or parts.username or parts.password or not address.isprintable():
        raise WebhookRejected("Only incoming webhooks of Slack (hooks.slack.com) and Teams are supported.")
    return address.strip()


def post(address: str, lines: Sequence[tuple[str, str]]) -> None:
    """Post these lines, a sentence and a link each. Raises WebhookRejected or WebhookUnavailable."""
    address = validate_address(address)
    host = urlsplit(address).hostname or ""
    _refuse_private(host)
    try:
        response = httpx.post(address, json=_body(host, lines), timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        raise WebhookUnavailable(f"The chat could not be reached ({type(error).__name__}).") from None
    if response.status_code == 429 or response.status_code >= 500:
        raise WebhookUnavailable(f"The chat answered {response.status_code}.")
    if not response.is_success:
        raise WebhookRejected(
            f"The chat rejected it ({response.status_code}). Its address may have been revoked."
        )


def _refuse_private(host: str) -> None:
    """A known service whose name leads to a private network is not that service."""
    try:
        addresses = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        raise WebhookUnavailable("The chat’s host name could not be resolved.") from None
    if not all(ipaddress.ip_address(address[4][0]).is_global for address in addresses):
        raise WebhookRejected("The chat’s address leads to a private network.")


def _body(host: str, lines: Sequence[tuple[str, str]]) -> dict[str, Any]:
    if host == SLACK:
        return {"text": "\n".join(f"<{url}|{_escape(text)}>" for text, url in lines)}
    links = [
        {"type": "TextBlock", "wrap": True, "text": f"[{_strip_links(text)}]({url})"} for text, url in lines
    ]
    card = {
        "$schema": "https://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": links,
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [content]}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")


def _strip_links(text: str) -> str:
    """Without anything Markdown would read as a link."""
    return text.translate(str.maketrans("[]()", "⟦⟧⦅⦆"))

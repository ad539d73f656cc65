"""Incoming webhooks of Slack and Teams: a line and a link, into a channel that others may read. No words of a meeting.

The address is a secret: whoever knows it can write there. It is never logged and never put into an error.
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


class Refused(Exception):  # noqa: N818 - a state, not an error
    """This will not do, now or later. The message is a sentence for people."""


class TryLater(Exception):  # noqa: N818 - a state, not an error
    """Not now; perhaps later."""


def checked(address: str) -> str:
    """The address if it is one of a service we know. Raises Refused with a sentence otherwise."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or ""), parts.port
    except ValueError as wrong:
        raise Refused("That is not a web address.") from wrong
    if parts.scheme != "https":
        raise Refused("The address must begin with https://.")
    known = host == SLACK or (host.endswith(TEAMS) and host.isascii())
    if not known or port not in (None, 443) or parts.username or parts.password or not address.isprintable():
        raise Refused("Only incoming webhooks of Slack (hooks.slack.com) and Teams are possible.")
    return address.strip()


def post(address: str, lines: Sequence[tuple[str, str]]) -> None:
    """Say these lines, a sentence and a link each. Raises Refused or TryLater."""
    address = checked(address)
    host = urlsplit(address).hostname or ""
    _refuse_private(host)
    try:
        answer = httpx.post(address, json=_body(host, lines), timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        raise TryLater(f"The chat could not be reached ({type(error).__name__}).") from None
    if answer.status_code == 429 or answer.status_code >= 500:
        raise TryLater(f"The chat answered {answer.status_code}.")
    if not answer.is_success:
        raise Refused(f"The chat refused it ({answer.status_code}). Its address may have been taken back.")


def _refuse_private(host: str) -> None:
    """Names of known services that lead into a private network are not theirs."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        raise TryLater("The chat's name could not be looked up.") from None
    if not all(ipaddress.ip_address(address[4][0]).is_global for address in found):
        raise Refused("The chat's address leads into a private network.")


def _body(host: str, lines: Sequence[tuple[str, str]]) -> dict[str, Any]:
    if host == SLACK:
        return {"text": "\n".join(f"<{url}|{_escaped(said)}>" for said, url in lines)}
    links = [{"type": "TextBlock", "wrap": True, "text": f"[{_plain(said)}]({url})"} for said, url in lines]
    card = {
        "$schema": "https://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard", "version": "1.2", "body": links,
    }  # fmt: skip
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [content]}


def _escaped(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")


def _plain(said: str) -> str:
    """Without what Markdown would read as a link."""
    return said.translate(str.maketrans("[]()", "⟦⟧⦅⦆"))

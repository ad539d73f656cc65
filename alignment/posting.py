"""Handing mails to the mail server: one connection for many, opened anew after trouble, and what an error means."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.utils import getaddresses
from types import TracebackType
from typing import Self

from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

TROUBLES = 3
"""Broken connections in a row after which a run leaves the rest for later."""
NO_ADDRESS = "This is not an e-mail address that can be written to."


class Unreachable(Exception):  # noqa: N818 - a state, not an error
    """The mail server could not be reached or let nobody in: no mail was handed over."""


class Refused(Exception):  # noqa: N818 - a state, not an error
    """The mail server will never take this. `address`: because of where it goes."""

    def __init__(self, told: str, *, address: bool) -> None:
        super().__init__(told)
        self.address = address


class Post:
    """A connection to the mail server, as a context manager. It is opened with the first mail."""

    def __init__(self) -> None:
        self.connection: BaseEmailBackend | None = None
        self.troubles = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection is not None:
            with suppress(Exception):  # everything was handed over already
                self.connection.close()

    @property
    def is_in_trouble(self) -> bool:
        return self.troubles >= TROUBLES

    def send(self, message: EmailMultiAlternatives) -> None:
        """Raises Unreachable, Refused, or what else went wrong: then it may or may not have been taken."""
        _check(message)
        message.connection = self._opened()
        try:
            message.send()
        except Exception as error:
            refusal = _refusal(error)
            if refusal is None:
                self._drop()
                raise
            self.troubles = 0
            raise refusal from error
        self.troubles = 0

    def _opened(self) -> BaseEmailBackend:
        if self.connection is None:
            self.connection = get_connection()
        try:
            self.connection.open()
        except Exception as error:  # whatever the mail server's client raises
            self._drop()
            self.troubles = TROUBLES  # the rest of the run need not try
            raise Unreachable(f"The mail server could not be reached: {_told(error)}") from error
        return self.connection

    def _drop(self) -> None:
        """Forget the connection without a good-bye, which a hung server would not answer."""
        self.troubles += 1
        smtp = getattr(self.connection, "connection", None)
        if smtp is not None:
            smtp.close()
        self.connection = None


def _check(message: EmailMultiAlternatives) -> None:
    """A line break or a comma in an address would make another heading or another recipient of it."""
    written = message.recipients()
    read = getaddresses(written)
    try:
        for (_, address), whole in zip(read, written, strict=True):
            if not whole.isprintable():
                raise ValidationError("It has a line break in it.")
            validate_email(address)
    except (ValueError, ValidationError) as wrong:  # ValueError: more of them than were written
        raise Refused(NO_ADDRESS, address=True) from wrong
    if not written:
        raise Refused(NO_ADDRESS, address=True)


def _refusal(error: Exception) -> Refused | None:
    """What the mail server said for good (5xx); None when it may be different later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        if all(code >= 500 for code, _ in answers):
            code, said = answers[0]
            return Refused(f"The mail server refused this address: {code} {_text(said)}", address=True)
    elif isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        return Refused(
            f"The mail server refused the mail: {error.smtp_code} {_text(error.smtp_error)}", address=False
        )
    elif isinstance(error, BadHeaderError):
        return Refused(f"The mail could not be written: {_told(error)}", address=False)
    return None


def _told(error: Exception) -> str:
    return str(error)[:300] or type(error).__name__


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]

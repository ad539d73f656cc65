"""Handing mails to the mail server: one connection for many, reopened
after trouble, and what an error means."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.utils import getaddresses
from types import TracebackType
from typing import Self

from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from alignment.rules.address_list import parse_address

TROUBLES = 3
"""Broken connections in a row after which a run leaves the rest for later."""
NO_ADDRESS = "This is not a valid email address."


class MailServerUnreachable(Exception):
    """The mail server could not be reached or did not accept our sign-in: no mail was handed over."""


class MailRejected(Exception):
    """The mail server will never take this mail."""


class RecipientRejected(MailRejected):
    """Because of the address it goes to."""


class MailConnection:
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
        """Raises MailServerUnreachable, MailRejected, or any other error; after
        that it may or may not be sent."""
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
            self.troubles = TROUBLES  # no use in trying the rest of this run
            raise MailServerUnreachable(
                f"The mail server could not be reached: {_describe(error)}"
            ) from error
        return self.connection

    def _drop(self) -> None:
        """Drop the connection without saying goodbye: a server that hangs would not answer."""
        self.troubles += 1
        smtp = getattr(self.connection, "connection", None)
        if smtp is not None:
            smtp.close()
        self.connection = None


def _check(message: EmailMultiAlternatives) -> None:
    """A line break or a comma in an address would turn it into another header or another recipient."""
    written = message.recipients()
    read = getaddresses(written)
    try:
        for (_, address), whole in zip(read, written, strict=True):
            if not whole.isprintable():
                raise ValueError("It has a line break in it.")
            parse_address(address)
    except ValueError as wrong:  # also: more of them than were written
        raise RecipientRejected(NO_ADDRESS) from wrong
    if not written:
        raise RecipientRejected(NO_ADDRESS)


def _refusal(error: Exception) -> MailRejected | None:
    """A final answer of the mail server (5xx); None when a later attempt may succeed."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        if all(code >= 500 for code, _ in answers):
            code, answer = answers[0]
            return RecipientRejected(f"The mail server rejected this address: {code} {_text(answer)}")
    elif isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        return MailRejected(f"The mail server rejected the mail: {error.smtp_code} {_text(error.smtp_error)}")
    elif isinstance(error, BadHeaderError):
        return MailRejected(f"The mail could not be written: {_describe(error)}")
    return None


def _describe(error: Exception) -> str:
    return str(error)[:300] or type(error).__name__


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]

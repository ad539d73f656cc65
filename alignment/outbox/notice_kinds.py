"""The kinds of notice, and putting a notice into the outbox. Delivery is in alignment.outbox.delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives

from alignment.celery import nudge
from alignment.models import Company, Group, Notice, User
from alignment.outbox.messages import Message

#: Writes the message of a notice; None: the reason for it is gone, and it is closed unsent.
MessageWriter = Callable[[Notice], Message | EmailMultiAlternatives | None]
#: Reads what the writers of a whole batch need, by the notices' pk, in a fixed number of queries.
Reader = Callable[[Sequence[Notice]], Mapping[int, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    `group` is the setting its reader turns it off with; `waits`: quiet hours hold it back; `by_day`: it is sent
    in its reader's working hours alone; `chats`: it is also posted as a line in a chat. `has_words`: its body has
    content of a meeting, which nobody but its reader may open. `joins`: it also goes to people who are only
    invited so far, and who get nothing else. `sealed`: its link lets its holder in, so it can be read in the
    mailbox only. `undoes`: it takes back what an earlier one brought, so it also goes to those whose account is
    closed.
    """

    name: str
    write: MessageWriter
    label: str
    group: str
    waits: bool
    by_day: bool
    chats: bool
    has_words: bool
    joins: bool
    sealed: bool
    undoes: bool
    read: Reader | None


KINDS: dict[str, Kind] = {}


def notice_type(
    kind: str,
    *,
    label: str = "",
    group: str = Group.ALWAYS,
    waits: bool = True,
    by_day: bool = False,
    chats: bool = False,
    has_words: bool = True,
    joins: bool = False,
    sealed: bool = False,
    undoes: bool = False,
    read: Reader | None = None,
) -> Callable[[MessageWriter], MessageWriter]:
    """Register the function that writes the messages of one kind."""

    def register(write: MessageWriter) -> MessageWriter:
        KINDS[kind] = Kind(
            name=kind,
            write=write,
            label=label or kind.replace("_", " ").capitalize(),
            group=group,
            waits=waits,
            by_day=by_day,
            chats=chats,
            has_words=has_words,
            joins=joins,
            sealed=sealed,
            undoes=undoes,
            read=read,
        )
        return write

    return register


def enqueue(
    kind: str,
    *,
    to: User,
    about: str,
    payload: dict[str, Any],
    now: datetime,
    due_at: datetime | None = None,
    company: Company | None = None,
) -> None:
    """Put a notice into the outbox, once: the same kind, reader and subject a second time changes nothing.

    Admins of `company` see that it was sent.
    """
    notice = Notice(
        key=f"{kind}:{about}:{to.pk}",
        kind=kind,
        to=to,
        payload=payload,
        created_at=now,
        due_at=due_at or now,
        company=company,
    )
    Notice.objects.enqueue([notice])
    nudge("alignment.tasks.deliver_due")

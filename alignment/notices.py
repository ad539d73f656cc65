"""What is owed to people: one Notice row a message, and the maker of each kind of message. Delivery is alignment.delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives

from alignment.celery import nudge
from alignment.mail import Letter
from alignment.models import Company, Group, Notice, User

#: Makes the message of a notice; None: its reason is gone, and it is closed unsent.
Maker = Callable[[Notice], Letter | EmailMultiAlternatives | None]
#: Looks up what the makers of a whole batch need, by the notices' pk, in a fixed number of queries.
Reader = Callable[[Sequence[Notice]], Mapping[int, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    `group` is what its reader turns it off with; `waits` says whether quiet hours hold it back; `chats` whether it is
    also a line in a chat. `has_words`: its body says words of a meeting, which nobody but its reader may open. `joins`:
    it goes to people who are only invited so far, and who get nothing else. `sealed`: its link lets its holder in, so it is
    read in the mailbox alone.
    """

    name: str
    make: Maker
    label: str
    group: str
    waits: bool
    chats: bool
    has_words: bool
    joins: bool
    sealed: bool
    read: Reader | None


KINDS: dict[str, Kind] = {}


def maker(
    kind: str, *, label: str = "", group: str = Group.ALWAYS, waits: bool = True, chats: bool = False,
    has_words: bool = True, joins: bool = False, sealed: bool = False, read: Reader | None = None,
) -> Callable[[Maker], Maker]:  # fmt: skip
    """Register the function that writes the messages of one kind."""

    def register(make: Maker) -> Maker:
        named = label or kind.replace("_", " ").capitalize()
        KINDS[kind] = Kind(kind, make, named, group, waits, chats, has_words, joins, sealed, read)
        return make

    return register


def owe(
    kind: str, *, to: User, about: str, payload: dict[str, Any], now: datetime, due_at: datetime | None = None,
    company: Company | None = None,
) -> None:  # fmt: skip
    """Owe one message once: the same kind, reader and subject again changes nothing.

    `company` is the one whose admins see that it was sent.
    """
    notice = Notice(
        key=f"{kind}:{about}:{to.pk}", kind=kind, to=to, payload=payload, created_at=now, due_at=due_at or now,
        company=company,
    )  # fmt: skip
    Notice.objects.owe([notice])
    nudge("alignment.tasks.deliver_due")

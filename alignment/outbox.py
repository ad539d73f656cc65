"""What the outbox page shows. A company admin sees to whom what was sent and what came of it, never words of a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from alignment.lists import Listing
from alignment.mail import message_id
from alignment.mailfiles import sent_as
from alignment.models import Heartbeat, Notice, User
from alignment.models.notices import Via
from alignment.notices import KINDS

STATES = {
    "": ("Everything", Q()),
    "owed": ("Owed", Q(sent_at=None, closed_at=None, failed_at=None)),
    "sent": ("Sent", Q(sent_at__isnull=False)),
    "failed": ("Failed", Q(failed_at__isnull=False)),
    "closed": ("Closed unsent", Q(closed_at__isnull=False)),
}
TONES = {"sent": "good", "failed": "bad", "owed": "", "closed": ""}
ADDRESSES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in the list."""

    notice: Notice
    is_chat: bool
    what: str
    state: str
    tone: str
    can_resend: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox as a whole stands; `clock_at` is the clock's last round."""

    owed: int
    failed: int
    clock_at: datetime | None


def asked(told: Listing, notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Narrowed to the state, the kind and the person asked for, the newest first."""
    state = told.choose("state", "State", [(name, label) for name, (label, _) in STATES.items()])
    kinds = [("", "All kinds"), *((name, kind.label) for name, kind in sorted(KINDS.items()))]
    kind = told.choose("kind", "Kind", kinds)
    rows = notices.filter(STATES[state][1])
    if kind:
        rows = rows.filter(kind=kind)
    if told.q:
        rows = rows.filter(Q(to__name__icontains=told.q) | _address(told.q))
    return rows.select_related("to").order_by("-pk")


def _address(words: str) -> Q:
    """Of who is only invited, the address is where the invitation went."""
    return Q(to__invited_as="", to__email__icontains=words) | Q(to__invited_as__icontains=words)


def lines(notices: Iterable[Notice], companies: set[int]) -> list[Line]:
    return [line(notice, can_resend=notice.company_id in companies) for notice in notices]


def line(notice: Notice, *, can_resend: bool) -> Line:
    kind = KINDS.get(notice.kind)
    return Line(
        notice, notice.via == Via.CHAT, kind.label if kind else notice.kind, STATES[notice.state][0],
        TONES[notice.state], can_resend and notice.state == "failed",
    )  # fmt: skip


def standing(notices: QuerySet[Notice]) -> Standing:
    counted = notices.filter(sent_at=None, closed_at=None).aggregate(
        failed=Count("pk", filter=Q(failed_at__isnull=False)), owed=Count("pk", filter=Q(failed_at=None))
    )
    beat = Heartbeat.objects.filter(name="sweep").first()
    at = beat.at if beat else None
    return Standing(**counted, clock_at=at)


def dead_addresses(notices: QuerySet[Notice]) -> list[Notice]:
    """The last refusal of each address that has taken no mail since."""
    later = Notice.objects.filter(to=OuterRef("to"), via=Via.MAIL)
    refused = (
        notices.filter(refused=True)
        .exclude(kind="new_address")
        .exclude(  # that one went to another address
            Exists(later.filter(sent_at__gt=OuterRef("failed_at")))
            | Exists(later.filter(refused=True, failed_at__gt=OuterRef("failed_at")))
        )
    )
    latest = {notice.to_id: notice for notice in refused.select_related("to").order_by("-pk")[:200]}
    return list(latest.values())[:ADDRESSES]


def mail_of(notice: Notice, reader: User) -> EmailMessage | None:
    """The mail as a file, where mails are files (the embedded default) and this reader may open it.

    Its own reader may; a company's admin only what holds no words of a meeting. What lets its holder in, such as a
    link that resets a password, is shown to nobody: it is read where the files lie.
    """
    if notice.kind in KINDS and KINDS[notice.kind].sealed:
        return None
    if not settings.EMBEDDED or notice.via != Via.MAIL or notice.sent_at is None:
        return None
    if notice.to_id != reader.pk and _has_words(notice):
        return None
    return sent_as(notice.goes_as or message_id(notice.key))


def _has_words(notice: Notice) -> bool:
    """Whether its mail, with all that went in it, says words of a meeting."""
    same = Notice.objects.filter(to=notice.to_id, goes_as=notice.goes_as).values_list("kind", flat=True)
    kinds = {notice.kind, *same.distinct()} if notice.goes_as else {notice.kind}
    return any(name not in KINDS or KINDS[name].has_words for name in kinds)

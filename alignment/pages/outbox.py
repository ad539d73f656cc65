"""What the outbox page shows. A company admin sees what was sent to whom and with
what result, never content of a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from alignment.db.search_keys import contains
from alignment.models import Heartbeat, Notice, User
from alignment.models.notices import Via
from alignment.outbox.file_backend import sent_as
from alignment.outbox.messages import message_id
from alignment.outbox.notice_kinds import KINDS
from alignment.web.listing import Listing

STATES = {
    "": ("All", Q()),
    "pending": ("Pending", Q(sent_at=None, closed_at=None, failed_at=None)),
    "sent": ("Sent", Q(sent_at__isnull=False)),
    "failed": ("Failed", Q(failed_at__isnull=False)),
    "closed": ("Not sent (no longer needed)", Q(closed_at__isnull=False)),
}
TONES = {"sent": "good", "failed": "bad", "pending": "", "closed": ""}


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
class OutboxSummary:
    """The state of the whole outbox; `last_run` is that of the sweep, None when it never ran."""

    pending: int
    failed: int
    last_run: datetime | None
    sweep_failures: int


def select_notices(search: Listing, notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Filtered by state, kind and person, newest first."""
    state = search.choose("state", "Status", [(name, label) for name, (label, _) in STATES.items()])
    kinds = [("", "All kinds"), *((name, kind.label) for name, kind in sorted(KINDS.items()))]
    kind = search.choose("kind", "Kind", kinds)
    rows = notices.filter(STATES[state][1])
    if kind:
        rows = rows.filter(kind=kind)
    if search.q:
        rows = rows.filter(contains(search.q, "to__name_key") | _address(search.q))
    return rows.select_related("to", "link").order_by("-pk")


def _address(text: str) -> Q:
    """For people who are only invited, the address is the one invited."""
    return Q(to__invited_as="", to__email__icontains=text) | Q(to__invited_as__icontains=text)


def lines(notices: Iterable[Notice], companies: set[int]) -> list[Line]:
    return [line(notice, can_resend=notice.company_id in companies) for notice in notices]


def line(notice: Notice, *, can_resend: bool) -> Line:
    kind = KINDS.get(notice.kind)
    return Line(
        notice,
        notice.via == Via.CHAT,
        kind.label if kind else notice.kind,
        STATES[notice.state][0],
        TONES[notice.state],
        can_resend and notice.state == "failed",
    )


def summarize(notices: QuerySet[Notice]) -> OutboxSummary:
    counted = notices.filter(sent_at=None, closed_at=None).aggregate(
        failed=Count("pk", filter=Q(failed_at__isnull=False)), pending=Count("pk", filter=Q(failed_at=None))
    )
    beat = Heartbeat.of_sweep()
    last_run, failures = (beat.at, beat.failed) if beat else (None, 0)
    return OutboxSummary(**counted, last_run=last_run, sweep_failures=failures)


def mail_of(notice: Notice, reader: User) -> EmailMessage | None:
    """The mail as a file, where mails are files (the embedded default) and this reader may open it.

    Its recipient may; a company's admin only mails without content of a meeting. A link that lets its holder
    in, such as a password reset, is shown to nobody on the page.
    """
    if notice.kind in KINDS and KINDS[notice.kind].sealed:
        return None
    if not settings.EMBEDDED or notice.via != Via.MAIL or notice.sent_at is None:
        return None
    if notice.to_id != reader.pk and _has_words(notice):
        return None
    return sent_as(notice.goes_as or message_id(notice.key))


def _has_words(notice: Notice) -> bool:
    """Whether its mail, with everything bundled in it, has content of a meeting."""
    same = Notice.objects.filter(to=notice.to_id, goes_as=notice.goes_as).values_list("kind", flat=True)
    kinds = {notice.kind, *same.distinct()} if notice.goes_as else {notice.kind}
    return any(name not in KINDS or KINDS[name].has_words for name in kinds)

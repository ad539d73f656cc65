"""The recap of a meeting: what was decided, answered, promised and what changed, in that order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from alignment.models import Group, Notice, User
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.rules.formatting import number_of
from meetings.agenda import Agenda
from meetings.agenda.record import load_record
from meetings.agenda.section import AgendaSection
from meetings.agenda.sections import DealRow, InitiativeRow, IssueRow, RiskRow
from meetings.agenda.values import CommitmentRow, Decided, Person, Score
from meetings.models import CheckIn, Meeting, Record, Reopening
from meetings.models.initiatives import plan_reader
from meetings.rules.rep_plans import NOBODY

Promises = tuple[tuple[Person, tuple[CommitmentRow, ...]], ...]


@dataclass(frozen=True, slots=True)
class Recap:
    """The parts of the recap of one agenda, as its reader may see it. Page and mail show the same."""

    agenda: Agenda

    @property
    def decisions(self) -> tuple[Decided, ...]:
        return self.agenda.decisions

    @property
    def resolved(self) -> tuple[IssueRow, ...]:
        """Issues that were resolved otherwise than by a decision of the same words."""
        decided = {row.text for row in self.decisions}
        issues = (row for row in self.agenda.issues.rows if row.solved and row.kind != "question")
        return tuple(row for row in issues if row.resolution not in decided)

    @property
    def answered(self) -> tuple[IssueRow, ...]:
        """Questions with their answers; before the end also those that it will settle."""
        questions = (row for row in self.agenda.issues.rows if row.kind == "question")
        return tuple(row for row in questions if row.solved or self._will_be_settled(row))

    @property
    def next_time(self) -> tuple[IssueRow, ...]:
        """What was discussed and stays on the agenda."""
        left = (row for row in self.agenda.issues.rows if not row.solved and (row.came_up or row.deferred))
        return tuple(row for row in left if not self._will_be_settled(row))

    def _will_be_settled(self, row: IssueRow) -> bool:
        return self.agenda.closed_at is None and row.answered and not row.solved

    @property
    def promises(self) -> Promises:
        """The open commitments that are new, by owner."""
        return _by_owner(row for row in self._open if row.fresh)

    @property
    def overdue(self) -> tuple[CommitmentRow, ...]:
        return tuple(row for row in self._open if row.late and not row.fresh)

    @property
    def others_open(self) -> int:
        """How many older commitments are open and not overdue."""
        return sum(not row.late and not row.fresh for row in self._open)

    @property
    def settled(self) -> tuple[CommitmentRow, ...]:
        """Done or dropped since the last meeting."""
        return tuple(row for row in self.agenda.commitments if not row.is_open)

    @property
    def _open(self) -> tuple[CommitmentRow, ...]:
        return tuple(row for row in self.agenda.commitments if row.is_open)

    @property
    def deals(self) -> tuple[DealRow, ...]:
        """Those that were won, lost, moved or entered since the last meeting."""
        rows = self.agenda.deals.rows
        return tuple(
            row for row in rows if row.kinds or row.status != "open" or row in self.agenda.deals.added
        )

    @property
    def risks(self) -> tuple[RiskRow, ...]:
        """Those that are new, closed, changed or commented on."""
        rows = self.agenda.risks.rows
        return tuple(row for row in rows if row.closed or row.words or not row.meetings_unchanged)

    @property
    def initiatives(self) -> tuple[InitiativeRow, ...]:
        """Those that are new, completed, changed or commented on."""
        rows = self.agenda.initiatives.rows
        return tuple(row for row in rows if row.changed or row.finished or row.words)

    @property
    def unchanged(self) -> str:
        """How much of the agenda did not change, in a sentence; empty when all of it did."""
        agenda = self.agenda
        counts = (
            (len(agenda.deals.rows) - len(self.deals), "deal"),
            (len(agenda.risks.rows) - len(self.risks), "risk"),
            (len(agenda.initiatives.rows) - len(self.initiatives), "initiative"),
        )
        parts = [number_of(count, noun) for count, noun in counts if count]
        return f"Unchanged: {', '.join(parts)}." if parts else ""

    @property
    def skipped(self) -> tuple[AgendaSection, ...]:
        return self.agenda.skipped


@dataclass(frozen=True, slots=True)
class PrivateLine:
    """One thing that only the CEO and the sales leader may read."""

    title: str
    detail: str = ""


def private_lines(agenda: Agenda) -> tuple[PrivateLine, ...]:
    """What of an agenda only its two readers see: a rep's plan, and what came of it."""
    plans = (
        PrivateLine(row.title, f"{row.health_label.lower()}, {row.approval_label}")
        for row in agenda.initiatives.rows
        if row.pair_only
    )
    issues = (PrivateLine(row.title, row.resolution) for row in agenda.issues.rows if row.pair_only)
    decided = (PrivateLine(row.text, "decided") for row in agenda.decisions if row.pair_only)
    promised = (
        PrivateLine(row.text, row.owner.first_name)
        for row in agenda.commitments
        if row.pair_only and row.is_open
    )
    return (*plans, *issues, *decided, *promised)


def _by_owner(rows: Iterable[CommitmentRow]) -> Promises:
    def owner(row: CommitmentRow) -> tuple[str, int]:
        return row.owner.name, row.owner.id

    grouped = ((tuple(group)) for _, group in groupby(sorted(rows, key=owner), key=owner))
    return tuple((group[0].owner, group) for group in grouped)


@notice_type("recap", group=Group.RECAP, chats=True)
def recap(notice: Notice) -> Message | None:
    """What was agreed, from the stored record. Once its meeting was reopened, its next record is mailed instead."""
    record = (
        Record.objects.select_related("meeting__team__company").filter(pk=notice.payload["record"]).first()
    )
    if record is None or not record.is_current or not record.meeting.can_read(notice.to):
        return None
    meeting = record.meeting
    agenda = load_record(record.agenda).readable_by(mailed_plans(meeting, notice.to), is_mail=True)
    context = recap_context(meeting, agenda) | {
        "agenda": agenda,
        "check_in_url": _check_in_url(meeting, notice.to),
        "url": settings.BASE_URL + reverse("meetings:review", args=(meeting.pk,)),
        **_versions(record),
    }
    return Message("recap", notice.to, agenda.currency, context, alone=True)


def _check_in_url(meeting: Meeting, user: User) -> str:
    """The same for both, whatever either has answered; empty for everybody else."""
    named = CheckIn.objects.visible_to(user).filter(meeting=meeting).exists()
    return settings.BASE_URL + reverse("meetings:check_in", args=(meeting.pk,)) if named else ""


def mailed_plans(meeting: Meeting, user: User) -> int:
    """Whose rep's plans go into this person's recap: their own, if they wanted that when they ended the meeting.
    A mail is forwarded, printed and read on the train."""
    return plan_reader(meeting.team, user) if meeting.recap_has_plans else NOBODY


def recap_context(meeting: Meeting, agenda: Agenda) -> dict[str, object]:
    """What templates/emails/recap/parts.html reads besides the agenda and its reader's way of writing amounts."""
    following = Meeting.objects.ahead().after(meeting).select_related("team__company").first()
    return {
        "recap": Recap(agenda),
        "ratings": _shown_ratings(agenda, meeting),
        "next_start": following.starts_at if following else None,
        "next_due": following.preparation_due if following else None,
    }


def _shown_ratings(agenda: Agenda, meeting: Meeting) -> tuple[Score, ...]:
    roles = (score.person.role for score in agenda.ratings)
    return agenda.ratings if meeting.ratings_are_shown(roles, now=timezone.now()) else ()


def _versions(record: Record) -> dict[str, object]:
    """Which version this is for its readers, and why there is another. An end that was undone mailed none."""
    reopenings = record.meeting.reopenings.exclude(why=Reopening.UNDONE) if record.number > 1 else None
    known = list(reopenings) if reopenings is not None else []
    return {"number": len(known) + 1, "why_again": known[-1].why if known else ""}

"""The recap of a closed meeting."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from alignment.models import Group, Notice
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from meetings.agenda import Agenda
from meetings.agenda.record import load_record
from meetings.agenda.values import CommitmentRow, Person, Score
from meetings.models import Meeting, Record
from meetings.models.initiatives import plan_reader


@notice_type("recap", group=Group.RECAP, chats=True)
def recap(notice: Notice) -> Message | None:
    """What was agreed, from the stored record; only the CEO and the leader get what is for them alone."""
    record = (
        Record.objects.select_related("meeting__team__company").filter(pk=notice.payload["record"]).first()
    )
    if record is None or not record.meeting.can_read(notice.to):
        return None
    agenda = load_record(record.agenda).readable_by(plan_reader(record.meeting.team, notice.to))
    url = settings.BASE_URL + reverse("meetings:review", args=(record.meeting_id,))
    context = {
        "agenda": agenda,
        "ratings": _shown_ratings(agenda, record.meeting),
        "number": record.number,
        "url": url,
        **recap_parts(agenda),
        **_around(record),
    }
    return Message("recap", notice.to, agenda.currency, context, alone=True)


def _shown_ratings(agenda: Agenda, meeting: Meeting) -> tuple[Score, ...]:
    roles = (score.person.role for score in agenda.ratings)
    return agenda.ratings if meeting.ratings_are_shown(roles, now=timezone.now()) else ()


def recap_parts(agenda: Agenda) -> dict[str, object]:
    """Open commitments by owner, those done or dropped since the last meeting, and the quarter."""
    still_open = sorted((commitment for commitment in agenda.commitments if commitment.is_open), key=_owner)
    owners: list[tuple[Person, list[CommitmentRow]]] = []
    for _, commitments in groupby(still_open, key=_owner):
        group = list(commitments)
        owners.append((group[0].owner, group))
    settled = [commitment for commitment in agenda.commitments if not commitment.is_open]
    return {"owners": owners, "settled": settled, "quarter": agenda.revenue.figures.quarter}


def _owner(commitment: CommitmentRow) -> tuple[str, int]:
    return commitment.owner.name, commitment.owner.id


def _around(record: Record) -> dict[str, object]:
    following = Meeting.objects.ahead().after(record.meeting).select_related("team__company").first()
    reopening = record.meeting.reopenings.order_by("-at").first() if record.number > 1 else None
    return {
        "next_start": following.starts_at if following else None,
        "next_due": following.preparation_due if following else None,
        "why_again": reopening.why if reopening else "",
    }

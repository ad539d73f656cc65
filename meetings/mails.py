"""The messages of this room, each made from what its notice names."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.urls import reverse

from alignment.mail import Letter
from alignment.models import Group, Notice
from alignment.notices import maker
from meetings.agenda.chapters import Agenda
from meetings.agenda.frozen import thaw
from meetings.agenda.values import Person, Promise
from meetings.models import Meeting, Record


@maker("recap", group=Group.RECAP, chats=True)
def recap(notice: Notice) -> Letter | None:
    """What was agreed, from the frozen record, without what only the two may read when the reader is not one of them."""
    record = (
        Record.objects.select_related("meeting__team__company").filter(pk=notice.payload["record"]).first()
    )
    if record is None or not record.meeting.can_read(notice.to):
        return None
    one_of_the_two = record.meeting.team.is_pair(notice.to)
    agenda = thaw(record.agenda).for_one_of_the_two(notice.to.pk if one_of_the_two else 0)
    url = settings.BASE_URL + reverse("meetings:review", args=(record.meeting_id,))
    told = {"agenda": agenda, "number": record.number, "url": url, **recap_parts(agenda), **_around(record)}
    return Letter("recap", notice.to, agenda.currency, told, alone=True)


def recap_parts(agenda: Agenda) -> dict[str, object]:
    """Open commitments by owner, those settled since the last meeting, and the quarter."""
    still_open = sorted((promise for promise in agenda.promises if promise.is_open), key=_owner)
    owners: list[tuple[Person, list[Promise]]] = []
    for _, promises in groupby(still_open, key=_owner):
        theirs = list(promises)
        owners.append((theirs[0].owner, theirs))
    settled = [promise for promise in agenda.promises if not promise.is_open]
    return {"owners": owners, "settled": settled, "quarter": agenda.revenue.figures.quarter}


def _owner(promise: Promise) -> tuple[str, int]:
    return promise.owner.name, promise.owner.id


def _around(record: Record) -> dict[str, object]:
    following = Meeting.objects.ahead().filter(
        team=record.meeting.team_id, planned_start__gt=record.meeting.planned_start
    )
    following_one = following.select_related("team").first()
    again = record.meeting.reopenings.order_by("-at").first() if record.number > 1 else None
    return {
        "next_start": following_one.starts_at if following_one else None,
        "next_due": following_one.preparation_due if following_one else None,
        "why_again": again.why if again else "",
    }

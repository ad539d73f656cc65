"""Answering the question, taking the answer back, a reminder in one's private notes, and the end of the quarter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alignment.models import Team, User
from alignment.rules.periods import Period, quarter_of
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from meetings.models import FeedbackTalk, Meeting, PrivateNote, TransitionNotAllowed
from meetings.rules.feedback_talk import NOTES, comes_back_on

CHANGED = "You have answered this in another window. This is how it stands now; nothing was changed."


def quarter_now(team: Team, now: datetime) -> Period:
    return quarter_of(team.today(now), first_month=team.company.fiscal_year_start)


def other_of(team: Team, user: User) -> User | None:
    """The other one of the two, if somebody else has that seat."""
    others = (team.holder(role) for role in PRINCIPAL_ROLES if role != team.role_of(user))
    return next((other for other in others if other is not None and other.pk != user.pk), None)


def read_talk(team: Team, user: User, now: datetime) -> FeedbackTalk:
    """The person's answer in this quarter, or an empty one that is not stored."""
    quarter = quarter_now(team, now)
    own = FeedbackTalk.objects.visible_to(user).filter(team=team, starts_on=quarter.start).first()
    draft = FeedbackTalk(team=team, user=user, starts_on=quarter.start, ends_on=quarter.end, version=0)
    return own or draft


def say_talked(team: Team, on: date, *, by: User, version: int, now: datetime) -> FeedbackTalk:
    """They talked on that day, within this quarter and not after today. The same sent twice is one answer.

    Raises TransitionNotAllowed where another window answered something else.
    """
    return _answer(team, by, now, version=version, talked_on=on, ask_on=None)


def say_not_yet(team: Team, *, by: User, version: int, now: datetime) -> FeedbackTalk:
    """It comes back in two weeks. Sent twice it counts once."""
    row = read_talk(team, by, now)
    back = comes_back_on(team.today(now))
    if row.ask_on == back and row.version != version:
        return row
    return _answer(team, by, now, version=version, talked_on=None, ask_on=back, not_yet=row.not_yet + 1)


@transaction.atomic
def _answer(team: Team, by: User, now: datetime, *, version: int, **fields: Any) -> FeedbackTalk:
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # two first answers at once are one
    row = read_talk(team, by, now)
    if not row.differs_from(fields):
        return row
    if row.version != version:
        raise TransitionNotAllowed(CHANGED)
    if row.pk is not None:
        return row.edit(version=version, **fields)
    for name, value in fields.items():
        setattr(row, name, value)
    row.version = 1
    row.save(force_insert=True)
    return row


def take_back(pk: int, version: int, before: Mapping[str, Any], *, by: User) -> None:
    """As it was before the answer. Raises TransitionNotAllowed where it was changed since."""
    rows = FeedbackTalk.objects.visible_to(by).filter(pk=pk, version=version)
    talked_on, ask_on = before["talked_on"], before["ask_on"]
    if not rows.update(
        talked_on=date.fromisoformat(talked_on) if talked_on else None,
        ask_on=date.fromisoformat(ask_on) if ask_on else None,
        not_yet=before["not_yet"],
        version=version + 1,
    ):
        raise TransitionNotAllowed(CHANGED)


def facts_before(row: FeedbackTalk) -> dict[str, Any]:
    """What `take_back` needs, as it travels with the button."""
    return {
        "talked_on": row.talked_on.isoformat() if row.talked_on else "",
        "ask_on": row.ask_on.isoformat() if row.ask_on else "",
        "not_yet": row.not_yet,
    }


def note_of(team: Team, user: User) -> str:
    """ "Tell Joe where they stand, in plain words." """
    other = other_of(team, user)
    return NOTES[Role(team.role_of(user))].format(name=other.first_name if other else "")


@transaction.atomic
def add_note(team: Team, meeting: Meeting, *, by: User, now: datetime) -> PrivateNote:
    """A line of one's own private notes for that meeting; a line that stands there is not added again."""
    line = note_of(team, by)
    note, _ = PrivateNote.objects.select_for_update().get_or_create(
        meeting=meeting, author=by, defaults={"text": line, "changed_at": now}
    )
    if line in note.text.splitlines():
        return note
    text = f"{note.text.rstrip()}\n{line}".strip()
    return note.edit(version=note.version, text=text, changed_at=now)


def find_old(now: datetime) -> list[int]:
    """Of quarters that are over everywhere in the world."""
    return list(FeedbackTalk.objects.over(now).order_by("pk").values_list("pk", flat=True))


def delete_old(pks: list[int], now: datetime) -> dict[str, int]:
    FeedbackTalk.objects.over(now).filter(pk__in=pks).delete()
    return {}

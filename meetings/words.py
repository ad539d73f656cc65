"""What one side says on a section or an item of a meeting, and private notes: found and written in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import IntegrityError
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from alignment.models import Seat, Stale, Team, User
from alignment.prepared import Prepared
from alignment.rows import JsonRows, rows
from deals.models import Deal, Risk
from meetings.models import Initiative, Issue, Meeting, PrivateNote, Section, Update
from meetings.models.agenda_items import begun_with

Text = TypeVar("Text", Update, PrivateNote)

#: Of each kind of item: its model, its section, and where a rep's plan shows.
ITEMS: dict[str, tuple[Any, Section, Any]] = {
    "deal": (Deal, Section.DEALS, Value("")),
    "risk": (Risk, Section.RISKS, Value("")),
    "initiative": (Initiative, Section.INITIATIVES, F("kind")),
    "issue": (Issue, Section.ISSUES, Coalesce("initiative__kind", Value(""))),
}


class NoSuchItem(Exception):  # noqa: N818 - a state, not an error
    """The item is not one of this team's, or only the two may read it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A section or one item: what words are about, such as Place("risks", "risk", 7)."""

    section: str
    kind: str = ""
    pk: int = 0

    @property
    def fields(self) -> dict[str, Any]:
        """Of words about exactly this."""
        return {"section": self.section} | ({f"{self.kind}_id": self.pk} if self.kind else {})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where somebody writes: the meeting, knowing their own seat and no other, and what is there so far."""

    meeting: Meeting
    pk: int  # of the row written so far; 0 when there is none yet
    version: int
    text: str
    plan: (
        str | None
    )  # of an item: the kind of the initiative it belongs to; None when the team has no such item


def sheet(user: User, pk: int, place: Place) -> Sheet | None:
    """The words of the user's side there so far; None unless the user sits on the meeting's team now."""
    item = {"item": place.pk} if place.kind else {}
    return _sheet(_words_query(place.section, place.kind).rows(user=user.pk, meeting=pk, **item), user, pk)


def note_sheet(user: User, pk: int) -> Sheet | None:
    """The user's private note so far; None unless the user sits on the meeting's team now."""
    return _sheet(_notes.rows(user=user.pk, meeting=pk), user, pk)


def _sheet(found: list[tuple[Any, ...]], user: User, pk: int) -> Sheet | None:
    if not found:
        return None
    state, team_id, name, role, acts_for, said, plan = found[0]
    team = Team(pk=team_id, name=name)
    team.__dict__["current_seats"] = [Seat(team=team, user=user, role=role, acts_for=acts_for)]
    row, version, text = next(iter(rows(said)), (0, 0, ""))
    return Sheet(Meeting(pk=pk, team=team, state=state), row, version, text, plan)


@cache
def _words_query(section: str, kind: str) -> Prepared:
    def words(user: int, meeting: int, item: int = 0) -> QuerySet[Any, Any]:
        about: dict[str, Any] = {f"{each}__isnull": True for each in ITEMS} | {"section": section}
        said = Update.objects.filter(
            **({kind: item} if kind else about), meeting=OuterRef("pk"), side=OuterRef("side")
        )
        plan: Any = Value("")
        if kind:
            model, _, shown_in = ITEMS[kind]
            there = model.objects.filter(_readable(kind, user), pk=item, team=OuterRef("team")).order_by()
            plan = Subquery(there.annotate(plan_of=shown_in).values("plan_of"))
        return _seated(user, meeting, said, plan)

    return Prepared(words, user=int, meeting=int, **({"item": int} if kind else {}))


def _readable(kind: str, user: int) -> Q:
    """Items that are no rep's plan and come from none, unless it was begun with the user."""
    if kind == "initiative":
        return ~Q(kind=Initiative.Kind.REP) | begun_with(user)
    if kind == "issue":
        no_plan = Q(initiative=None) | ~Q(initiative__kind=Initiative.Kind.REP)
        return no_plan | begun_with(user, of="initiative__")
    return Q()


def _note_query(user: int, meeting: int) -> QuerySet[Any, Any]:
    return _seated(user, meeting, PrivateNote.objects.filter(meeting=OuterRef("pk"), author=user), Value(""))


_notes = Prepared(_note_query, user=int, meeting=int)


def _seated(user: int, meeting: int, said: QuerySet[Any, Any], plan: Any) -> QuerySet[Any, Any]:
    """One row if the user sits on the team of the meeting now."""
    role, acts_for = F("team__seats__role"), F("team__seats__acts_for")
    mine = Meeting.objects.filter(pk=meeting, team__seats__user=user, team__seats__until=None).order_by()
    side = Case(When(team__seats__acts_for="", then=role), default=acts_for)
    read = JsonRows(said.order_by(), "pk", "version", "text")
    columns = {"role": role, "acts_for": acts_for, "said": read, "plan": plan}
    return mine.annotate(side=side).values_list("state", "team_id", "team__name").annotate(**columns)


def with_note(meetings: QuerySet[Meeting], user: User) -> QuerySet[Meeting]:
    """Each with the user's private note as `note_rows`: version and text."""
    mine = PrivateNote.objects.filter(meeting=OuterRef("pk"), author=user)
    return meetings.annotate(note_rows=JsonRows(mine, "version", "text"))


def write(sheet: Sheet, place: Place, text: str, *, version: int, by: User, now: datetime) -> Update:
    """Put down the words of the user's side; empty text clears them.

    Raises NoSuchItem, and Stale with the words as they are when somebody of that side wrote in between.
    """
    meeting, side = sheet.meeting, sheet.meeting.team.side_of(by)
    if place.kind and (
        sheet.plan is None or (sheet.plan == Initiative.Kind.REP and not meeting.team.is_pair(by))
    ):
        raise NoSuchItem
    if sheet.pk:
        row = Update(pk=sheet.pk, text=sheet.text, version=sheet.version)
        return _change(
            row, Update.objects.filter(pk=sheet.pk), text, version=version, author=by, changed_at=now
        )
    words = Update(meeting=meeting, side=side, author=by, text=text, changed_at=now, **place.fields)
    nothing_else = {f"{kind}__isnull": True for kind in ITEMS if kind != place.kind}
    return _put(words, Update.objects.filter(meeting=meeting, side=side, **nothing_else, **place.fields))


def write_note(sheet: Sheet, text: str, *, version: int, by: User, now: datetime) -> PrivateNote:
    """Put down the user's private note. Raises Stale when another window of theirs wrote in between."""
    mine = PrivateNote.objects.filter(meeting=sheet.meeting, author=by)
    if sheet.pk:
        row = PrivateNote(pk=sheet.pk, text=sheet.text, version=sheet.version)
        return _change(row, mine, text, version=version, changed_at=now)
    return _put(PrivateNote(meeting=sheet.meeting, author=by, text=text, changed_at=now), mine)


def _change(row: Text, rows: QuerySet[Text], text: str, *, version: int, **stamps: Any) -> Text:
    """Words that are the same as those stored are saved already, whatever version they were typed on; words that
    were cleared can be written over.
    """
    if row.text == text:
        return row
    known = version if row.text else row.version
    if row.version == known and rows.filter(version=known).update(text=text, version=known + 1, **stamps):
        row.text, row.version = text, known + 1
        return row
    return _unless_same(rows, text)


def _put(row: Text, rows: QuerySet[Text]) -> Text:
    """The first words; when another first save came between, those stand."""
    try:
        row.save(force_insert=True)
    except IntegrityError:
        return _unless_same(rows, row.text)
    return row


def _unless_same(rows: QuerySet[Text], text: str) -> Text:
    current = rows.select_related("author").get()
    if current.text != text:
        raise Stale(current)
    return current

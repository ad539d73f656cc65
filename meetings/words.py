"""What one side says on a section or an item of a meeting, and private notes: found and written in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from alignment.models import Seat, Stale, User
from alignment.rows import JsonRows, rows
from deals.models import Deal, Risk
from meetings.models import Initiative, Issue, Meeting, PrivateNote, Section, Update

Text = TypeVar("Text", Update, PrivateNote)

#: Of each kind of item: its model, its section, and where a rep's plan shows.
ITEMS: dict[str, tuple[Any, Section, Any]] = {
    "deal": (Deal, Section.DEALS, Value("")),
    "risk": (Risk, Section.RISKS, Value("")),
    "initiative": (Initiative, Section.INITIATIVES, F("kind")),
    "issue": (Issue, Section.ISSUES, Coalesce("initiative__kind", Value(""))),
}
NO_ITEM = {f"{kind}_id": None for kind in ITEMS}


class NoSuchItem(Exception):  # noqa: N818 - a state, not an error
    """The item is not one of this team's, or only the two may read it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A section or one item: what words are about, such as Place("risks", "risk", 7)."""

    section: str
    kind: str = ""
    pk: int = 0

    @property
    def lookup(self) -> dict[str, Any]:
        """The words about exactly this, as filter or as fields."""
        item = {f"{self.kind}_id": self.pk} if self.kind else {"section": self.section}
        return NO_ITEM | item


def seated(user: User, pk: int) -> QuerySet[Meeting]:
    """The meeting if the user sits on its team now, with the seat: what `with_seat` reads."""
    mine = Meeting.objects.filter(pk=pk, team__seats__user=user, team__seats__until=None)
    return mine.select_related("team").annotate(
        seat_role=F("team__seats__role"), seat_acts_for=F("team__seats__acts_for")
    )


def with_seat(meeting: Meeting, user: User) -> Meeting:
    """The meeting, knowing the user's own seat and no other: enough to ask what this user may do."""
    role, acts_for = meeting.seat_role, meeting.seat_acts_for  # type: ignore[attr-defined]
    meeting.team.current_seats = [Seat(team=meeting.team, user=user, role=role, acts_for=acts_for)]
    return meeting


def at_place(meetings: QuerySet[Meeting], place: Place) -> QuerySet[Meeting]:
    """With the words the user's side has there so far, and of an item whether it is one of the team's."""
    side = Case(When(seat_acts_for="", then=F("seat_role")), default=F("seat_acts_for"))
    said = Update.objects.filter(meeting=OuterRef("pk"), side=OuterRef("seat_side"), **_about(place))
    found = meetings.annotate(seat_side=side).annotate(said_rows=JsonRows(said, "pk", "version", "text"))
    if not place.kind:
        return found
    model, _, shown_in = ITEMS[place.kind]
    item = model.objects.filter(pk=place.pk, team=OuterRef("team")).annotate(plan_of=shown_in)
    return found.annotate(item_kind=Subquery(item.values("plan_of")[:1]))


def _about(place: Place) -> dict[str, Any]:
    """As `Place.lookup`, in the words of a filter."""
    return {
        (f"{name}__isnull" if value is None else name): value or True for name, value in place.lookup.items()
    }


def write(meeting: Meeting, place: Place, text: str, *, version: int, by: User, now: datetime) -> Update:
    """Put down the words of the user's side; empty text clears them. `meeting` comes from `at_place`.

    Raises NoSuchItem, and Stale with the words as they are when somebody of that side wrote in between.
    """
    if place.kind:
        kind = meeting.item_kind  # type: ignore[attr-defined]
        if kind is None or (kind == Initiative.Kind.REP and not meeting.team.is_pair(by)):
            raise NoSuchItem
    side = meeting.team.side_of(by)
    said = rows(meeting.said_rows)  # type: ignore[attr-defined]
    if said:
        pk, stored, old = said[0]
        row = Update(pk=pk, meeting=meeting, side=side, text=old, version=stored)
        return _change(row, Update.objects.filter(pk=pk), text, version=version, author=by, changed_at=now)
    words = Update(meeting=meeting, side=side, author=by, text=text, changed_at=now, section=place.section)
    for name, value in place.lookup.items():
        setattr(words, name, value)
    return _put(words, Update.objects.filter(meeting=meeting, side=side, **_about(place)))


def with_note(meetings: QuerySet[Meeting], user: User) -> QuerySet[Meeting]:
    """With the user's private note so far."""
    mine = PrivateNote.objects.filter(meeting=OuterRef("pk"), author=user)
    return meetings.annotate(said_rows=JsonRows(mine, "pk", "version", "text"))


def write_note(meeting: Meeting, text: str, *, version: int, by: User, now: datetime) -> PrivateNote:
    """Put down the user's private note. Raises Stale when another window of theirs wrote in between."""
    mine = PrivateNote.objects.filter(meeting=meeting, author=by)
    said = rows(meeting.said_rows)  # type: ignore[attr-defined]
    if said:
        pk, stored, old = said[0]
        row = PrivateNote(pk=pk, meeting=meeting, author=by, text=old, version=stored)
        return _change(row, mine, text, version=version, changed_at=now)
    return _put(PrivateNote(meeting=meeting, author=by, text=text, changed_at=now), mine)


def stored(meeting: Meeting) -> str:
    """The text as it was when the meeting was read; empty when there was none."""
    said = rows(meeting.said_rows)  # type: ignore[attr-defined]
    return said[0][2] if said else ""


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

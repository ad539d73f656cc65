"""Updates of one side on a section or an item, and private notes: loaded and saved in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import IntegrityError
from django.db.models import OuterRef, QuerySet

from alignment.db.json_aggregation import JsonRows
from alignment.models import User, VersionConflict
from alignment.models.teams import teams_read_by
from deals.models import Deal, Risk
from meetings.models import Initiative, Issue, Meeting, PrivateNote, Section, Update

Text = TypeVar("Text", Update, PrivateNote)

#: The model and the section of each kind of item.
ITEMS: dict[str, tuple[Any, Section]] = {
    "deal": (Deal, Section.DEALS),
    "risk": (Risk, Section.RISKS),
    "initiative": (Initiative, Section.INITIATIVES),
    "issue": (Issue, Section.ISSUES),
}


class ItemNotFoundError(Exception):
    """The item does not belong to this team, or the writer may not read it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an update is about: a section or one item, such as Subject("risks", "risk", 7)."""

    section: str
    kind: str = ""
    pk: int = 0

    @classmethod
    def submitted(cls, about: str, section: str) -> Subject:
        """From the fields of a form, such as "risk-7". Invalid values are reported by the form; here the
        first section stands in.
        """
        kind, _, pk = about.partition("-")
        if kind in ITEMS and pk.isascii() and pk.isdecimal() and len(pk) <= 18:
            return cls(ITEMS[kind][1], kind, int(pk))
        return cls(section if section in Section else Section.REVENUE)

    @property
    def anchor(self) -> str:
        """Its anchor on the page."""
        return f"{self.kind}-{self.pk}" if self.kind else self.section

    @property
    def fields(self) -> dict[str, Any]:
        """Field values of an update on exactly this subject."""
        return {"section": self.section} | ({f"{self.kind}_id": self.pk} if self.kind else {})


@dataclass(frozen=True, slots=True)
class EditableUpdate(Generic[Text]):
    """A meeting, and what the user's side has written there so far."""

    meeting: Meeting
    row: Text | None
    has_item: bool = True
    """Whether the item belongs to the team and the writer may read it."""

    @property
    def text(self) -> str:
        return self.row.text if self.row else ""

    @property
    def version(self) -> int:
        """0 when there is no text yet."""
        return self.row.version if self.row else 0


def load_update(user: User, pk: int, subject: Subject) -> EditableUpdate[Update] | None:
    """What the user's side has written there; None unless the user sits on the meeting's team now."""
    meeting = _meeting(user, pk)
    if meeting is None:
        return None
    row = _updates_on(meeting, meeting.team.side_of(user), subject).first()
    return EditableUpdate(meeting, row, has_item=not subject.kind or _has_item(meeting, subject, user))


def load_note(user: User, pk: int) -> EditableUpdate[PrivateNote] | None:
    """The user's private note; None unless the user sits on the meeting's team now."""
    meeting = _meeting(user, pk)
    return EditableUpdate(meeting, _notes(meeting, user).first()) if meeting is not None else None


def _meeting(user: User, pk: int) -> Meeting | None:
    return Meeting.objects.filter(team__in=teams_read_by(user)).select_related("team").filter(pk=pk).first()


def _has_item(meeting: Meeting, subject: Subject, user: User) -> bool:
    model, _ = ITEMS[subject.kind]
    return bool(model.objects.visible_to(user).filter(pk=subject.pk, team=meeting.team_id).exists())


def _updates_on(meeting: Meeting, side: str, subject: Subject) -> QuerySet[Update]:
    """The row, if any, of that side's update on exactly this subject."""
    nothing_else = {f"{kind}__isnull": True for kind in ITEMS if kind != subject.kind}
    return Update.objects.filter(meeting=meeting, side=side, **nothing_else, **subject.fields)


def _notes(meeting: Meeting, user: User) -> QuerySet[PrivateNote]:
    return PrivateNote.objects.visible_to(user).filter(meeting=meeting)


class NoteRow(NamedTuple):
    """Somebody's private note on a meeting."""

    version: int
    text: str


NO_NOTE = NoteRow(0, "")


def with_note(meetings: QuerySet[Meeting], user: User) -> QuerySet[Meeting]:
    """Meetings with the user's private note, if any, as `note_rows`."""
    mine = PrivateNote.objects.visible_to(user).filter(meeting=OuterRef("pk"))
    return meetings.annotate(note_rows=JsonRows(mine, into=NoteRow))


def save_update(
    editable: EditableUpdate[Update], subject: Subject, text: str, *, version: int, by: User, now: datetime
) -> Update:
    """Save the update of the user's side; empty text clears it.

    Raises ItemNotFoundError. Raises VersionConflict with the stored update when somebody of that side saved in
    between.
    """
    meeting, side = editable.meeting, editable.meeting.team.side_of(by)
    if not editable.has_item:
        raise ItemNotFoundError
    if editable.row:
        return _change(editable.row, text, version=version, author=by, changed_at=now)
    update = Update(meeting=meeting, side=side, author=by, text=text, changed_at=now, **subject.fields)
    return _insert(update, _updates_on(meeting, side, subject))


def save_note(
    editable: EditableUpdate[PrivateNote], text: str, *, version: int, by: User, now: datetime
) -> PrivateNote:
    """Save the user's private note. Raises VersionConflict when another window of theirs saved in between."""
    if editable.row:
        return _change(editable.row, text, version=version, changed_at=now)
    note = PrivateNote(meeting=editable.meeting, author=by, text=text, changed_at=now)
    return _insert(note, _notes(editable.meeting, by))


def _change(row: Text, text: str, *, version: int, **stamps: Any) -> Text:
    """Text equal to the stored text counts as saved, whatever version it was typed on.
    A cleared text may be overwritten.
    """
    if row.text == text:
        return row
    return row.edit(version=version if row.text else row.version, text=text, **stamps)


def _insert(row: Text, same_subject: QuerySet[Text]) -> Text:
    """Save the first text. If another first save came in between and differs, that one stays."""
    try:
        row.save(force_insert=True)
    except IntegrityError:
        current = same_subject.select_related("author").get()
        if current.text != row.text:
            raise VersionConflict(current) from None
        return current
    return row

"""Issues, commitments and decisions, as people type them.

New ones come from an Origin (team, meeting, section, about). Edits POST to the item's edit address with `version`;
a field that is not sent stays as it is, so a page may send `text` alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from alignment.access import is_of_the_two, speaks
from alignment.creating import made_once
from alignment.forms.fields import DayField, PersonField, WordsField
from alignment.forms.items import Item, ItemForm
from alignment.forms.layout import Question
from alignment.models import Team, User
from meetings.models import Commitment, Decision, Issue, Meeting, Section
from meetings.origin import Origin

WEEK = timedelta(days=7)


class FromOrigin(ItemForm[Item]):
    """A row that says where it comes from. The section is asked for only where the address does not say it."""

    def __init__(self, *args: Any, origin: Origin | None = None, **kwargs: Any) -> None:
        self.origin = origin
        super().__init__(*args, **kwargs)
        if origin is None or origin.section:
            self.fields.pop("section", None)
        else:
            self.fill_in(section=lambda: Section.ISSUES)

    def begun(self, **more: Any) -> dict[str, Any]:
        """Every field of a new row."""
        assert self.origin is not None
        token = self.cleaned_data["token"] or self.instance.token
        came = self.origin.fields(self.cleaned_data.get("section", ""))
        return {"token": token, "created_by": self.user, "created_at": self.now} | came | self.told | more

    def write(self) -> Item:
        """Raises Stale when somebody saved in between."""
        if not self.differs(self.told):
            return self.instance
        stamps = {"changed_at": self.now} if hasattr(self.instance, "changed_at") else {}
        saved = self.instance.edit(version=self.told_version, **stamps, **self.told)
        Team.objects.stir(self.team.pk)
        return saved


class SectionField(forms.ChoiceField):
    css = "field--short"

    def __init__(self) -> None:
        super().__init__(
            choices=Section.choices, label="Belongs to",
            error_messages={"invalid_choice": "Choose one of the five sections."},
        )  # fmt: skip


class IssueForm(FromOrigin[Issue]):
    layout = (("kind", "section"), ("title",), ("detail",))

    kind = forms.ChoiceField(
        choices=Issue.Kind.choices, label="Is it an issue or a question?",
        error_messages={"invalid_choice": "Choose issue or question."},
    )  # fmt: skip
    title = WordsField(
        max_length=200, label="In one line", error_messages={"required": "Say in one line what it is about."}
    )
    detail = WordsField(rows=4, max_length=4000, required=False, label="What should be known")
    section = SectionField()

    class Meta:
        model = Issue
        fields = ("kind", "title", "detail")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # The page in session has one line, whatever it becomes.
        if data and "title" not in data and "text" in data:
            data = data.copy()
            data["title"] = data["text"]
        super().__init__(data, *args, **kwargs)
        if not self.instance.pk:
            self.fill_in(kind=lambda: Issue.Kind.ISSUE)

    def write(self) -> Issue:
        if self.instance.pk:
            return super().write()
        return made_once(
            Issue(**self.begun(changed_at=self.now, side=self.team.side_of(self.user))), told=self.told
        )


class CommitmentForm(FromOrigin[Commitment]):
    layout = (("text",), ("owner", "due"), ("section",))

    text = WordsField(
        max_length=300, label="What will be done?", error_messages={"required": "Say what will be done."}
    )
    owner = PersonField(label="Who?", nobody="", error_messages={"required": "Choose who does it."})
    due = DayField(
        label="By when?", error_messages={"required": "Write the day it is due."},
        help_text="The day still counts; from the next one on it is late.",
    )  # fmt: skip
    section = SectionField()

    class Meta:
        model = Commitment
        fields = ("text", "owner", "due")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(owner := self.fields.get("owner"), PersonField):
            owner.choose_from(self.people)
        if not self.instance.pk:
            # One that says only what will be done is the speaker's, due at the next meeting.
            self.fill_in(owner=lambda: self._usual_owner.pk, due=lambda: self.usual_due)

    @property
    def people(self) -> list[User]:
        """Whoever speaks on the team; for a rep's plan those of the two who read it; and who owns it already."""
        seats = self.team.current_seats
        seated = [
            seat.user for seat in seats if (seat.user_id in self._readers if self._readers else speaks(seat))
        ]
        return [*seated, self.instance.owner] if self.instance.pk else seated

    @property
    def _readers(self) -> tuple[int, ...]:
        """Who alone reads it, because it comes from a rep's plan."""
        if self.origin:
            return self.origin.plan.readers if self.origin.plan else ()
        return self.instance.readers

    @property
    def _usual_owner(self) -> User:
        seats = self.team.current_seats
        acting = [seat.user for seat in seats if seat.user_id == self.user.pk and is_of_the_two(seat)]
        leaders = [seat.user for seat in seats if seat.role == "leader"]
        return next(iter([*acting, *leaders, self.user]))

    @property
    def usual_due(self) -> date:
        """The day of the meeting after this one, else a week on."""
        assert self.origin is not None
        return due_by_default(self.team, self.origin.meeting, today=self.today)

    def write(self) -> Commitment:
        if self.instance.pk:
            return super().write()
        assert self.origin is not None
        ahead = self.origin.meeting if self.origin.meeting and self.origin.meeting.is_ahead else None
        return made_once(Commitment(**self.begun(changed_at=self.now, meeting=ahead)), told=self.told)


def due_by_default(team: Team, meeting: Meeting | None, *, today: date) -> date:
    """The team's day of the next scheduled meeting: after `meeting`, or after today; without one a week on."""
    day = max(team.today(meeting.starts_at), today) if meeting else today
    scheduled = Meeting.objects.filter(team=team, state=Meeting.State.SCHEDULED).order_by("starts_at")
    days = (team.today(starts_at) for starts_at in scheduled.values_list("starts_at", flat=True)[:8])
    return next((other for other in days if other > day), day + WEEK)


class DecisionForm(FromOrigin[Decision]):
    layout = (("text",), ("section",))

    text = WordsField(
        rows=2,
        max_length=500,
        label="What is decided?",
        error_messages={"required": "Write the decision in one sentence."},
    )
    section = SectionField()

    class Meta:
        model = Decision
        fields = ("text",)

    def write(self) -> Decision:
        if self.instance.pk:
            return super().write()
        assert self.origin is not None
        return made_once(Decision(**self.begun(meeting=self.origin.meeting)), told=self.told)


class SolveForm(Question):
    resolution = WordsField(
        rows=3,
        max_length=2000,
        label="How is it solved?",
        error_messages={"required": "Say how it is solved."},
    )


class DropForm(Question):
    why = WordsField(
        rows=2,
        max_length=300,
        label="Why is it dropped?",
        error_messages={"required": "Say why it is dropped."},
    )

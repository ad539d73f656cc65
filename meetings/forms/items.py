"""The forms of issues, commitments and decisions.

New ones come from an Origin (team, meeting, section, about). Edits POST to the item's edit address with
`version`. A field that is not sent keeps its value, so a page may send `text` alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from alignment.forms.fields import AmountField, DayField, PersonField, WordsField
from alignment.forms.layout import Question
from alignment.forms.versioned import Item, ItemForm
from alignment.models import Team, User
from alignment.permissions import can_speak, is_principal_seat
from alignment.web.create_once import create_once
from meetings.forecast.history import is_goal_called
from meetings.models import Commitment, Decision, Issue, Meeting, Section, TransitionNotAllowed
from meetings.updates.origin import Origin

WEEK = timedelta(days=7)
NO_GAP = "The commit reaches the goal, so there is no gap to plan for. Add what will be done as a commitment."


class FromOrigin(ItemForm[Item]):
    """A form for a row with an origin. The section is only asked for if the address does not name it."""

    def __init__(self, *args: Any, origin: Origin | None = None, **kwargs: Any) -> None:
        self.origin = origin
        super().__init__(*args, **kwargs)
        if origin is None or origin.section:
            self.fields.pop("section", None)
        else:
            self.fill_in(section=lambda: Section.ISSUES)

    def new_values(self, **more: Any) -> dict[str, Any]:
        """All fields of a new row."""
        assert self.origin is not None
        token = self.cleaned_data["token"] or self.instance.token
        origin = self.origin.fields(self.cleaned_data.get("section", ""))
        return (
            {"token": token, "created_by": self.user, "created_at": self.now} | origin | self.submitted | more
        )

    def write(self) -> Item:
        """Raises VersionConflict when somebody else saved in between."""
        if not self.differs(self.submitted):
            return self.instance
        stamps = {"changed_at": self.now} if hasattr(self.instance, "changed_at") else {}
        saved = self.instance.edit(version=self.submitted_version, **stamps, **self.submitted)
        Team.objects.bump_revision(self.team.pk)
        return saved


class SectionField(forms.ChoiceField):
    css = "field--short"

    def __init__(self) -> None:
        super().__init__(
            choices=Section.choices,
            label="Section",
            error_messages={"invalid_choice": "Choose one of the five sections."},
        )


class IssueForm(FromOrigin[Issue]):
    layout = (("kind", "section"), ("title",), ("detail",))

    kind = forms.ChoiceField(
        choices=Issue.Kind.choices,
        label="Type",
        error_messages={"invalid_choice": "Choose issue or question."},
    )
    title = WordsField(max_length=200, label="Title", error_messages={"required": "Enter a title."})
    detail = WordsField(rows=4, max_length=4000, required=False, label="Background")
    section = SectionField()

    class Meta:
        model = Issue
        fields = ("kind", "title", "detail")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # The present page has one input for every kind of item.
        if data and "title" not in data and "text" in data:
            data = data.copy()
            data["title"] = data["text"]
        super().__init__(data, *args, **kwargs)
        if not self.instance.pk:
            self.fill_in(kind=lambda: Issue.Kind.ISSUE)

    def write(self) -> Issue:
        if self.instance.pk:
            return super().write()
        return create_once(
            Issue(**self.new_values(changed_at=self.now, side=self.team.side_of(self.user))),
            text_fields=self.submitted,
        )


class CommitmentForm(FromOrigin[Commitment]):
    parts: ClassVar[dict[str, tuple[str, ...]]] = {"due": ("due",)}
    layout = (("text",), ("amount",), ("owner", "due"), ("section",))

    text = WordsField(
        max_length=300, label="What will be done?", error_messages={"required": "Enter what will be done."}
    )
    owner = PersonField(label="Owner", nobody="", error_messages={"required": "Choose an owner."})
    due = DayField(
        label="Due",
        error_messages={"required": "Enter the due date."},
        help_text="Due by the end of this day.",
    )
    amount = AmountField(
        label="About how much does it bring?",
        help_text="A round amount, such as 60k.",
        error_messages={"required": "Enter about how much it brings."},
    )
    section = SectionField()

    class Meta:
        model = Commitment
        fields = ("text", "owner", "due", "amount")

    def __init__(self, *args: Any, is_measure: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_measure = self.instance.is_measure if self.instance.pk else is_measure
        if not self.is_measure:
            self.fields.pop("amount", None)
        if isinstance(owner := self.fields.get("owner"), PersonField):
            owner.choose_from(self.people)
        if not self.instance.pk:
            # If only the text is sent, it belongs to the speaker and is due at the next meeting.
            self.fill_in(owner=lambda: self._usual_owner.pk, due=lambda: self.usual_due)

    @property
    def people(self) -> list[User]:
        """Everyone who speaks on the team (for a rep plan: its readers), and the current owner."""
        seats = self.team.current_seats
        seated = [
            seat.user
            for seat in seats
            if (seat.user_id in self._readers if self._readers else can_speak(seat))
        ]
        return [*seated, self.instance.owner] if self.instance.pk else seated

    @property
    def _readers(self) -> tuple[int, ...]:
        """The ids of its only readers if it comes from a rep plan; else empty."""
        if self.origin:
            return self.origin.plan.readers if self.origin.plan else ()
        return self.instance.readers

    @property
    def _usual_owner(self) -> User:
        seats = self.team.current_seats
        acting = [seat.user for seat in seats if seat.user_id == self.user.pk and is_principal_seat(seat)]
        leaders = [seat.user for seat in seats if seat.role == "leader"]
        return next(iter([*acting, *leaders, self.user]))

    @property
    def usual_due(self) -> date:
        """The day of the meeting after this one, or in a week."""
        assert self.origin is not None
        return due_by_default(self.team, self.origin.meeting, today=self.today)

    @transaction.atomic
    def write(self) -> Commitment:
        if self.instance.pk:
            return super().write()
        assert self.origin is not None
        if self.is_measure:
            self._require_room()
        ahead = self.origin.meeting if self.origin.meeting and self.origin.meeting.is_ahead else None
        return create_once(
            Commitment(**self.new_values(changed_at=self.now, meeting=ahead)), text_fields=self.submitted
        )

    def clean_amount(self) -> Decimal | None:
        amount: Decimal | None = self.cleaned_data["amount"]
        if amount == 0:
            raise ValidationError("A measure brings something. Enter about how much.")
        return amount

    def _require_room(self) -> None:
        """Raises ValidationError where the plan is full or no gap is left; a measure sent twice is one."""
        assert self.origin is not None
        token = self.cleaned_data["token"]
        if Commitment.objects.filter(team=self.team, token=token).exists():
            return
        if is_goal_called(self.team, self.user, today=self.today):
            raise ValidationError(NO_GAP)
        try:
            Commitment.objects.require_room(self.team, besides=Q(token=token))
        except TransitionNotAllowed as full:
            raise ValidationError(str(full)) from full


def due_by_default(team: Team, meeting: Meeting | None, *, today: date) -> date:
    """The team's day of the next scheduled meeting after `meeting`, or after today;
    if there is none, a week later.
    """
    day = max(team.today(meeting.starts_at), today) if meeting else today
    scheduled = Meeting.objects.filter(team=team, state=Meeting.State.SCHEDULED).order_by("starts_at")
    days = (team.today(starts_at) for starts_at in scheduled.values_list("starts_at", flat=True)[:8])
    return next((other for other in days if other > day), day + WEEK)


class DecisionForm(FromOrigin[Decision]):
    layout = (("text",), ("section",))

    text = WordsField(
        rows=2,
        max_length=500,
        label="Decision",
        error_messages={"required": "Enter the decision."},
    )
    section = SectionField()

    class Meta:
        model = Decision
        fields = ("text",)

    def write(self) -> Decision:
        if self.instance.pk:
            return super().write()
        assert self.origin is not None
        return create_once(
            Decision(**self.new_values(meeting=self.origin.meeting)), text_fields=self.submitted
        )


class SolveForm(Question):
    resolution = WordsField(
        rows=3,
        max_length=2000,
        label="What was decided?",
        error_messages={"required": "Enter what was decided."},
    )


class BroughtForm(Question):
    """What a measure of the plan for the gap brought."""

    brought = AmountField(
        label="What did it bring?",
        help_text="About, as far as it is known. 0 if nothing.",
        error_messages={"required": "Enter what it brought; 0 if nothing."},
    )

    def __init__(self, data: Any = None, *, locale: str, currency: str) -> None:
        super().__init__(data)
        field = self.fields["brought"]
        assert isinstance(field, AmountField)
        field.write_for(locale, currency=currency)


class DropForm(Question):
    why = WordsField(
        rows=2,
        max_length=300,
        label="Reason",
        error_messages={"required": "Enter a reason."},
    )

"""The first meeting as its two people see it once the answers are open: both beside each other, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alignment.models import Agreement, Team, User
from alignment.rules.roles import Role
from meetings.agreement.lines import Line
from meetings.agreement.terms import RIGHT, SENTENCE, right_of
from meetings.models import FirstMeeting, FirstMeetingAnswer
from meetings.pages.agreement import AgreementPage
from meetings.pages.agreement import build_page as build_agreement
from meetings.rules.amounts import amounts
from meetings.rules.decision_rights import Right, RightKind
from meetings.rules.first_meeting import PARTS, Part, quarter_to_agree


@dataclass(frozen=True, slots=True)
class AnswerLine:
    text: str
    number: int
    row: Agreement | None
    """The sentence of the agreement that it became."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one of the two prepared for a part."""

    name: str
    side: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    part: Part
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class RightChoice:
    """Where one of the two would set a limit."""

    side: str
    name: str
    text: str
    row: Agreement | None
    """The line of the agreement that says the same."""
    can_take: bool


@dataclass(frozen=True, slots=True)
class RightView:
    kind: RightKind
    choices: tuple[RightChoice, ...]
    in_agreement: str
    """What the agreement says of it now, proposed or agreed."""

    @property
    def is_same(self) -> bool:
        return len({choice.text for choice in self.choices}) == 1


@dataclass(frozen=True, slots=True)
class GoalsAnswer:
    name: str
    view: str
    words: str


@dataclass(frozen=True, slots=True)
class FirstMeetingPage:
    team: Team
    row: FirstMeeting
    parts: tuple[PartView, ...]
    goals: tuple[GoalsAnswer, ...]
    rights: tuple[RightView, ...]
    agreement: AgreementPage
    missing: tuple[str, ...]
    """The first names of those who prepared nothing."""

    @property
    def before_rights(self) -> tuple[PartView, ...]:
        return tuple(view for view in self.parts if view.part.key in ("success", "chase", "leave"))

    @property
    def after_rights(self) -> tuple[PartView, ...]:
        return tuple(view for view in self.parts if view.part.key in ("call_when", "never_from_others"))

    @property
    def proposed(self) -> int:
        """How many lines of the agreement wait for a yes."""
        return len(self.agreement.open_lines)


def build_page(row: FirstMeeting, reader: User, now: datetime) -> FirstMeetingPage:
    """Of one whose answers are open: the agreement’s queries and one for the answers."""
    team = row.team
    quarter = quarter_to_agree(team.today(now), first_month=team.company.fiscal_year_start)
    agreement = build_agreement(team, reader, quarter, now=now)
    given = {
        answer.user_id: answer
        for answer in FirstMeetingAnswer.objects.visible_to(reader).filter(first_meeting=row)
    }
    people = [(row.ceo, Role.CEO), (row.leader, Role.LEADER)]
    empty = FirstMeetingAnswer(first_meeting=row)
    answers = [(user, side, given.get(user.pk, empty)) for user, side in people]
    return FirstMeetingPage(
        team=team,
        row=row,
        parts=tuple(_part(part, answers, agreement) for part in PARTS),
        goals=tuple(
            GoalsAnswer(user.first_name, answer.get_goals_view_display(), answer.goals_words)
            for user, _, answer in answers
        ),
        rights=tuple(_rights(answers, agreement, team, reader)),
        agreement=agreement,
        missing=tuple(user.first_name for user, _, answer in answers if answer.pk is None),
    )


Answers = Sequence[tuple[User, Role, FirstMeetingAnswer]]


def _part(part: Part, answers: Answers, agreement: AgreementPage) -> PartView:
    sentences = {
        row.content["text"]: row
        for line in agreement.lines
        if line.subject == SENTENCE
        if (row := _newest(line))
    }

    def column(user: User, side: Role, answer: FirstMeetingAnswer) -> Column:
        lines = enumerate(answer.lines(part.key))
        return Column(
            user.first_name,
            side,
            tuple(AnswerLine(text, number, sentences.get(part.as_sentence(text))) for number, text in lines),
        )

    return PartView(part, tuple(column(*answer) for answer in answers))


def _rights(answers: Answers, agreement: AgreementPage, team: Team, reader: User) -> Iterator[RightView]:
    lines = {
        right_of(row.content).kind: row
        for line in agreement.lines
        if line.subject == RIGHT
        if (row := _newest(line))
    }

    def in_words(right: Right) -> str:
        text = right.up_to or "the CEO decides"
        return amounts(text, currency=team.currency, locale=reader.locale)

    for kind in RightKind:
        row = lines.get(kind)
        now = right_of(row.content) if row else None
        rights = [
            (user, side, answer.right(kind, team.currency)) for user, side, answer in answers if answer.pk
        ]
        yield RightView(
            kind=kind,
            choices=tuple(
                RightChoice(
                    side,
                    user.first_name,
                    in_words(right),
                    row if now == right else None,
                    can_take=now != right and (right.is_leaders or now is not None),
                )
                for user, side, right in rights
            ),
            in_agreement=in_words(now) if now else "",
        )


def _newest(line: Line) -> Agreement | None:
    return line.proposed or line.agreed

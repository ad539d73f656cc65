"""The agreement of a quarter: what is signed, what waits for whom, and what is no longer as agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alignment.models import Agreement, Team, User
from alignment.rules.formatting import MoneyFormat, number_of
from alignment.rules.periods import (
    Period,
    key_of_quarter,
    quarter_after,
    quarter_before,
    quarter_named,
    quarter_of,
)
from alignment.rules.roles import NAMES, PRINCIPAL_ROLES
from deals.goals.agreement import SUBJECT as GOALS
from deals.mix.terms import SUBJECT as MIX
from meetings.agreement.as_it_is import SUBJECTS_AS_THEY_ARE, content_now, state_of_content
from meetings.agreement.closing import AgreementClosing, read_closings
from meetings.agreement.lines import Line, build_lines
from meetings.agreement.proposals import state_of
from meetings.agreement.queries import read_current, read_lines
from meetings.agreement.terms import INITIATIVES, MEASURES, RIGHT, SENTENCE, lines_in_words

SECTIONS = (
    ("goals", "Goals", (GOALS,)),
    ("mix", "Deal mix", (MIX,)),
    ("measures", "Leading measures", (MEASURES,)),
    ("initiatives", "Initiatives", (INITIATIVES,)),
    ("rights", "Who decides what", (RIGHT,)),
    ("sentences", "And we agree", (SENTENCE,)),
)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with what its reader may do about it."""

    line: Line
    can_answer: bool
    can_withdraw: bool
    can_renew: bool
    can_leave_open: bool
    can_agree_anew: bool
    """Say yes to it as it is now."""
    can_read_why: bool
    says_who: bool
    """Whether who agreed and when stands under it: once under lines that follow each other with the same."""


@dataclass(frozen=True, slots=True)
class AgreementSection:
    name: str
    title: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    team: Team
    m: MoneyFormat
    quarter: Period
    key: str
    before: str
    """The key of the quarter before; of the one after, empty where nothing can be agreed yet."""
    after: str
    is_past: bool
    sections: tuple[AgreementSection, ...]
    goals_texts: tuple[str, ...]
    """The goals as they are now; empty where none is set."""
    can_say_yes_to_goals: bool
    can_disagree_with_goals: bool
    waiting: tuple[Agreement, ...]
    """What the reader's yes settles as it stands."""
    state: str
    """What a form on this page is based on, as a whole and of each line that can be agreed to as it is."""
    states: dict[str, str]
    can_propose: bool
    empty_seat: str
    """ "sales leader": nobody sits there; empty where both do."""
    closings: tuple[AgreementClosing, ...] = ()
    """How it stood when a CEO or a sales leader left in the quarter; for the two who sit there now."""

    @property
    def lines(self) -> list[Line]:
        return [view.line for section in self.sections for view in section.lines]

    @property
    def begun(self) -> bool:
        return any(line.agreed or line.proposed for line in self.lines)

    @property
    def open_lines(self) -> list[Line]:
        """Proposals without an answer."""
        return [line for line in self.lines if line.proposed]

    @property
    def is_signed(self) -> bool:
        """Whether both said yes to the goals and to who decides what, and nothing is open."""
        of = {subject: [line for line in self.lines if line.subject == subject] for subject in (GOALS, RIGHT)}
        goals = all(line.holds for line in of[GOALS])
        rights = any(line.agreed for line in of[RIGHT])
        unsettled = [line for line in self.lines if line.agreed and not line.holds and not line.is_left_open]
        return goals and rights and not unsettled and not self.open_lines

    @property
    def signed_at(self) -> datetime | None:
        """When the last yes was given."""
        moments = [
            moment
            for line in self.lines
            if line.agreed
            for moment in (line.agreed.ceo_at, line.agreed.leader_at)
            if moment
        ]
        return max(moments, default=None)

    @property
    def summary(self) -> str:
        """How it stands, in one sentence."""
        if self.is_past:
            return "This quarter is over: the page shows how its agreement ended."
        if not self.begun:
            return f"Nothing is agreed for {self.quarter.label} yet. The sales leader proposes, the CEO confirms."
        parts = []
        for side in PRINCIPAL_ROLES:
            waiting = sum(line.waits_for_side(side) for line in self.lines)
            if waiting:
                parts.append(f"{number_of(waiting, 'line waits', 'lines wait')} for the {NAMES[side]}")
        changed = sum(bool(line.changes) and not line.is_left_open for line in self.lines)
        if changed:
            parts.append(f"{number_of(changed, 'line is', 'lines are')} no longer as agreed")
        if self.goals_texts and not any(line.holds for line in self.lines if line.subject == GOALS):
            parts.append("the goals are not agreed yet")
        if not any(line.agreed or line.proposed for line in self.lines if line.subject == RIGHT):
            parts.append("nobody has said yet who decides what")
        text = "; ".join(parts)
        return f"{text[:1].upper()}{text[1:]}." if text else ""


def requested_quarter(team: Team, key: str, *, today: date) -> Period | None:
    """This quarter where none is named; None for one that is none, or lies further ahead than the next."""
    first_month = team.company.fiscal_year_start
    quarter = quarter_named(key, today=today, first_month=first_month)
    latest = quarter_after(quarter_of(today, first_month=first_month), first_month=first_month)
    return quarter if quarter is not None and quarter.start <= latest.start else None


def build_page(team: Team, reader: User, quarter: Period, *, now: datetime) -> AgreementPage:
    """Five queries: the lines, the goals, measures and initiatives they are compared with, and the seats that ended in
    the quarter."""
    today, first_month = team.today(now), team.company.fiscal_year_start
    rows, current = read_lines(team, quarter), read_current(team, quarter)
    lines = build_lines(rows, team, quarter, current, locale=reader.locale)
    is_past, side = quarter.end < today, team.role_of(reader)
    is_principal = team.is_principal(reader) and not is_past and not team.has_ended(now)
    goals = next(line for line in lines if line.subject == GOALS)
    now_content = {
        subject: content_now(subject, rows, current, team, quarter) for subject in SUBJECTS_AS_THEY_ARE
    }
    content = now_content[GOALS]
    has_goals = content is not None
    has_a_yes = _is_answered_in_row(goals, content)
    own_no = goals.declined is not None and goals.declined.content == content
    after = quarter_after(quarter, first_month=first_month)
    return AgreementPage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        quarter=quarter,
        key=key_of_quarter(quarter),
        before=key_of_quarter(quarter_before(quarter, first_month=first_month)),
        after=key_of_quarter(after) if quarter.start <= today else "",
        is_past=is_past,
        sections=tuple(_sections(lines, reader, side, may_act=is_principal)),
        goals_texts=tuple(lines_in_words(GOALS, content, locale=reader.locale)) if content else (),
        can_say_yes_to_goals=is_principal and has_goals and not has_a_yes,
        can_disagree_with_goals=is_principal
        and has_goals
        and not goals.holds
        and not (own_no and goals.declined and goals.declined.closed_by_id == reader.pk),
        waiting=tuple(line.answered for line in lines if line.answered and line.waits_for_side(side))
        if is_principal
        else (),
        state=state_of(rows, current),
        states={subject: state_of_content(known) for subject, known in now_content.items()},
        can_propose=is_principal,
        empty_seat=next((str(NAMES[role]) for role in PRINCIPAL_ROLES if team.holder(role) is None), ""),
        closings=read_closings(team, rows, quarter, locale=reader.locale)
        if team.is_principal(reader)
        else (),
    )


def _is_answered_in_row(goals: Line, content: dict[str, Any] | None) -> bool:
    """Whether a yes to the goals as they are now is there already, of one side or of both."""
    if goals.proposed is not None and goals.proposed.content == content:
        return True
    return goals.agreed is not None and not goals.changes


def _sections(lines: Sequence[Line], reader: User, side: str, *, may_act: bool) -> list[AgreementSection]:
    pairs = zip(lines, [*lines[1:], None], strict=True)
    views = [
        (line.subject, _view(line, _same_part(line, after), reader, side, may_act=may_act))
        for line, after in pairs
    ]
    return [
        AgreementSection(name, title, tuple(view for subject, view in views if subject in subjects))
        for name, title, subjects in SECTIONS
    ]


def _same_part(line: Line, following: Line | None) -> Line | None:
    """The next line, where it stands under the same heading."""
    return following if following is not None and following.subject == line.subject else None


def _view(line: Line, following: Line | None, reader: User, side: str, *, may_act: bool) -> LineView:
    row, waits = line.proposed, may_act and line.waits_for_side(side)
    is_changed = may_act and bool(line.agreed and line.changes) and row is None
    return LineView(
        line,
        can_answer=row is not None and waits,
        can_withdraw=row is not None and may_act and row.can_withdraw(reader),
        can_renew=row is None and waits,
        can_leave_open=is_changed and not line.is_left_open,
        can_agree_anew=is_changed and line.subject in (MEASURES, INITIATIVES),
        can_read_why=side in PRINCIPAL_ROLES,
        says_who=_signature(line) != _signature(following),
    )


def _signature(line: Line | None) -> tuple[object, ...]:
    row = line.agreed if line else None
    return (row.ceo_id, row.leader_id, row.ceo_at, row.leader_at) if row else ()

"""What the CEO and the sales leader write for a meeting, from what its agenda shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from alignment.rules.money import compact
from meetings.agenda import Agenda
from meetings.agenda.sections import DealRow, InitiativeRow, RiskRow
from meetings.demo.deck import Deck
from meetings.demo.words import deals, initiatives, meeting, revenue, risks
from meetings.models import Section

Row = TypeVar("Row", DealRow, RiskRow, InitiativeRow)

CEO_ON = {"won": deals.CEO_WON, "lost": deals.CEO_LOST, "open": deals.CEO_OPEN}
NEAR = 12_000
"""Dollars around the goal to date that count as on plan."""


@dataclass(frozen=True, slots=True)
class Line:
    """An update on a section or an item (`about` such as risk-7)."""

    section: str
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Task(Line):
    """Something a side commits to."""

    side: str = "leader"


class Voice:
    def __init__(self, rng: Random, reps: tuple[str, ...]) -> None:
        self.rng, self.reps = rng, reps
        self.decks: dict[int, Deck] = {}

    def say(self, cards: tuple[str, ...], agenda: Agenda, **names: str) -> str:
        """The next card of a deck with its names filled in; what is not given is drawn from the agenda."""
        deck = self.decks.setdefault(id(cards), Deck(cards, self.rng))
        usual = {"rep": self.rng.choice(self.reps).split(" ")[0], "date": self._weekday(agenda.today)}
        return deck.draw(**usual | self._deals(agenda) | names)

    def _weekday(self, today: date) -> str:
        day = today + timedelta(days=self.rng.randrange(2, 6))
        return f"{day if day.weekday() < 5 else day + timedelta(days=2):%A}"

    def _deals(self, agenda: Agenda) -> dict[str, str]:
        near = [row.title for row in agenda.deals.closing if not _is_far(row, agenda)]
        known = near or ["the next renewal"]
        one = self.rng.choice(known)
        return {
            "deal": one,
            "other": next((name for name in known if name != one), "the next mid-size order"),
            "won": next((row.title for row in agenda.deals.won), "The last big order"),
        }

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    # The leader, before the meeting

    def leader(self, agenda: Agenda) -> Iterator[Line]:
        yield Line(Section.REVENUE, self.on_revenue(agenda))
        for deal in agenda.deals.rows:
            yield from self.on_deal(agenda, deal)
        for risk in agenda.risks.open_rows:
            if risk.is_stale or self.chance(0.25):
                cards = risks.STALE if risk.is_stale else risks.NEWS
                yield Line(
                    Section.RISKS,
                    self.say(cards, agenda, name=risk.title) + self.then(agenda),
                    f"risk-{risk.id}",
                )
        for row in agenda.initiatives.rows:
            if not row.finished and (row.is_unchanged or self.chance(0.2)):
                yield Line(Section.INITIATIVES, self.on_initiative(agenda, row), f"initiative-{row.id}")

    def on_revenue(self, agenda: Agenda) -> str:
        gap = agenda.revenue.gap or Decimal(0)
        before = agenda.revenue.gap_before
        names = {"gap": compact(abs(gap), currency=agenda.currency, locale="en-US")}
        behind = (revenue.BEHIND, revenue.BECAUSE, revenue.DOING)
        ahead = (revenue.AHEAD, revenue.AHEAD_WHY, revenue.AHEAD_NEXT)
        near = abs(gap) < NEAR
        opening, *rest = behind if gap < 0 else ahead
        sentences = [
            self.say(cards, agenda, **names) for cards in (revenue.ON_PLAN if near else opening, *rest)
        ]
        if gap < 0 and not near and before is not None and before < 0 and self.chance(0.6):
            sentences.insert(1, self.say(revenue.GREW if gap < before else revenue.SHRANK, agenda))
        return " ".join(sentences)

    def on_deal(self, agenda: Agenda, row: DealRow) -> Iterator[Line]:
        about, rep = f"deal-{row.id}", row.rep.split(" ")[0]
        cards: tuple[str, ...]
        if row.status == "won":
            cards, often = deals.WON, 0.8
        elif row.status == "lost":
            cards, often = deals.LOST, 1.0
        elif "pushed_out" in row.kinds:
            cards, often = deals.MOVED_OUT, 0.6
        else:
            cards, often = (deals.EARLY, 0.2) if _is_far(row, agenda) else (deals.CLOSING, 0.45)
        if self.chance(often):
            more = self.then(agenda) if row.status == "open" else ""
            yield Line(Section.DEALS, self.say(cards, agenda, rep=rep) + more, about)

    def then(self, agenda: Agenda) -> str:
        """A second sentence, every other time."""
        return f" {self.say(meeting.THEN, agenda)}" if self.chance(0.55) else ""

    def on_initiative(self, agenda: Agenda, row: InitiativeRow) -> str:
        cards = initiatives.A_REP if row.pair_only else initiatives.PROGRESS
        return self.say(
            cards, agenda, value=_plain(row.current, row.unit), target=_plain(row.target, row.unit)
        )

    # The CEO, after reading

    def ceo(self, agenda: Agenda) -> Iterator[Line]:
        if self.chance(0.75):
            yield Line(Section.REVENUE, self.say(revenue.CEO, agenda))
        for row in self.some(agenda.deals.rows, 0.7):
            text = self.say(CEO_ON[row.status], agenda, rep=row.rep.split(" ")[0])
            yield Line(Section.DEALS, text, f"deal-{row.id}")
        for risk in self.some(agenda.risks.open_rows, 0.6):
            yield Line(Section.RISKS, self.say(risks.CEO, agenda), f"risk-{risk.id}")
        for plan in self.some(agenda.initiatives.rows, 0.3):
            yield Line(Section.INITIATIVES, self.say(initiatives.CEO, agenda), f"initiative-{plan.id}")

    def some(self, rows: tuple[Row, ...], often: float) -> list[Row]:
        return [self.rng.choice(rows)] if rows and self.chance(often) else []

    # In the meeting

    def tasks(self, agenda: Agenda) -> Iterator[Task]:
        if agenda.revenue.behind:
            yield Task(Section.REVENUE, self.say(revenue.GAP_COMMITMENTS, agenda))
        for deal in self.some(agenda.deals.closing, 0.75):
            yield self.task(agenda, deal, deals.NOTES, deals.CEO_NOTES)
        for risk in self.some(agenda.risks.open_rows, 0.65):
            yield self.task(agenda, risk, risks.NOTES, risks.CEO_NOTES)
        open_plans = tuple(row for row in agenda.initiatives.rows if not row.finished and not row.pair_only)
        for plan in self.some(open_plans, 0.35):
            yield self.task(agenda, plan, initiatives.NOTES, initiatives.CEO_NOTES)

    def task(self, agenda: Agenda, row: DealRow | RiskRow | InitiativeRow, *decks: tuple[str, ...]) -> Task:
        """About one row, from the leader's deck or from the CEO's."""
        leader, ceo = decks
        side = "ceo" if self.chance(0.32) else "leader"
        account = (row.account if isinstance(row, DealRow) else "") or row.title
        rep = row.rep.split(" ")[0] if isinstance(row, DealRow) and row.rep else self.reps[0].split(" ")[0]
        text = self.say(ceo if side == "ceo" else leader, agenda, name=row.title, account=account, rep=rep)
        section = {"deal": Section.DEALS, "risk": Section.RISKS}.get(row.key, Section.INITIATIVES)
        return Task(section, text, f"{row.key}-{row.id}", side)

    def decisions(self, agenda: Agenda) -> Iterator[str]:
        if self.chance(0.42):
            yield self.say(meeting.DECISIONS, agenda)


def _is_far(row: DealRow, agenda: Agenda) -> bool:
    """A pinned deal that stands on the agenda long before it closes."""
    return row.close_date is not None and row.close_date > agenda.today + timedelta(days=40)


def _plain(figure: Decimal | None, unit: str) -> str:
    number = "no figure" if figure is None else f"{figure.normalize():f}"
    return f"{number} {unit}".strip() if unit and unit != "%" else f"{number}{unit}"

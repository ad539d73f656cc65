"""A line as a deal: how it stands, what it is worth, when it closes. Pure; raises CellError for what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from deals.imports.kinds.identity import made_key
from deals.imports.kinds.reader import LONGEST_PERSON, RowReader
from deals.imports.kinds.rows import DealRow
from deals.imports.kinds.words import DEAL_TYPES, FORECASTS, LEAD_SOURCES, meaning
from deals.rules.stages import LEAVE_OUT, known_status, stage_key
from deals.tables.cells import CellError, quote
from deals.tables.csv_reader import Line

UNKNOWN_ACCOUNT = "account not known"
LONGEST_STAGE = 80
WITHDRAWN = "withdrawn"
NEGATIVE = "and a deal is worth zero or more"
DATES_OF_WINS = ("won_on", "closed_on", "close_date")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the flags, the status and the stage of one row say. `decided`: won, lost, open, leave-out, or None while
    nobody has said what the word that decides means; `text` is that word, empty where flags decide.
    """

    decided: str | None
    text: str
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class DealReader(RowReader):
    """`identity`: indexes of the columns that tell deals apart where there is no id."""

    identity: tuple[int, ...] = field(default=())

    def is_deleted(self, line: Line) -> bool:
        return bool(self.flag(line, "is_deleted"))

    def counts(self, line: Line) -> bool:
        """Not where the CRM has deleted it, or its stage is that of no deal."""
        try:
            is_deal = not self.is_deleted(line) and self.standing(line).decided != LEAVE_OUT
        except CellError:
            is_deal = True
        return is_deal and RowReader.counts(self, line)

    def key(self, line: Line) -> str:
        """The deal's id, or what stands for one. Raises CellError."""
        if "external_id" in self.layout.columns:
            return self.required_id(line, "external_id", what="deal")
        return made_key(line, self.identity)

    def twin_key(self, line: Line) -> str:
        has_key = "external_id" in self.layout.columns or bool(self.identity)
        return self.key(line) if has_key else ""

    def row(self, line: Line) -> DealRow | None:
        """None for a row that is no deal. Raises CellError."""
        self.check_width(line)
        key = self.key(line)
        if self.is_deleted(line):
            return self._withdrawn(line, key)
        standing = self.standing(line)
        status = self._checked_status(line, standing)
        if status == LEAVE_OUT:
            return None
        deal = self._deal(line, key, status)
        if status == "won":
            self._check_revenue(deal, line)
        return deal

    def standing(self, line: Line) -> Standing:
        """Raises CellError for flags at odds."""
        flagged = self._flagged(line)
        status, stage = self.layout.cell(line, "status"), self.layout.cell(line, "stage")
        if LEAVE_OUT in (self.meaning(line, text) for text in (status, stage, self._reason(line)) if text):
            return Standing(LEAVE_OUT, "", is_flagged=True)
        if flagged:
            return Standing(flagged, "", is_flagged=True)
        text = status if self.layout.format.result_is_in_status else status or stage
        decided = self.meaning(line, text) if text else None
        if self.flag(line, "is_active") is False and decided != "won":
            decided = "lost" if self._reason(line) else decided
        return Standing(decided, text, is_flagged=False)

    def lacks_day(self, line: Line) -> bool:
        """Whether a won deal has no day but the one it was expected on."""
        has_day = any(self.layout.cell(line, role) for role in DATES_OF_WINS)
        return not has_day and bool(self.layout.cell(line, "expected_on"))

    def _reason(self, line: Line) -> str:
        return self.layout.cell(line, "loss_reason")

    def said_by(self, line: Line, name: str, standing: Standing) -> str:
        """Who says what a stage means: see StageMeaning."""
        if stage_key(name) in self.stages:
            return "company"
        if self.meaning(line, name):
            return "format"
        return "flags" if standing.decided and name != standing.text else ""

    def meaning(self, line: Line, text: str) -> str | None:
        """won, lost, open or leave-out; None while nobody has said it."""
        pipeline = self.layout.cell(line, "pipeline")
        if pipeline and text.endswith(f" ({pipeline})"):  # as HubSpot writes it where there are several
            text = text.removesuffix(f" ({pipeline})")
        return known_status(text, self.stages, self.layout.format.stages)

    def _flagged(self, line: Line) -> str | None:
        """What the flags of the CRM say; None where it has none. Raises CellError for flags at odds."""
        is_won, is_lost, is_closed = (self.flag(line, role) for role in ("is_won", "is_lost", "is_closed"))
        if (is_won and is_lost) or ((is_won or is_lost) and is_closed is False):
            raise CellError("its columns for won, lost and closed do not agree")
        if is_won:
            return "won"
        if is_lost or (is_closed and is_won is not None):
            return "lost"
        return "open" if is_won is not None and (is_closed is not None or is_lost is not None) else None

    def _checked_status(self, line: Line, standing: Standing) -> str:
        """Raises CellError where status, stage and flags do not agree. An open stage beside a status is only where the
        deal ended.
        """
        layout, decided = self.layout, standing.decided
        if decided == LEAVE_OUT:
            return LEAVE_OUT
        if not standing.is_flagged and not standing.text:
            raise CellError(f"“{layout.header_of('status', 'stage')}” is empty")
        if decided is None:
            raise CellError(f"nobody has said whether “{quote(standing.text)}” means won, lost or open")
        for role in ("status", "stage"):
            text = layout.cell(line, role)
            status = self.meaning(line, text) if text else None
            if status in ("won", "lost") and status != decided and not self._is_archived(line, decided):
                raise CellError(f"“{quote(text)}” says {status}, but another column says {decided}")
        return decided

    def _is_archived(self, line: Line, decided: str) -> bool:
        return decided == "lost" and self.flag(line, "is_active") is False

    def _deal(self, line: Line, key: str, status: str) -> DealRow:
        layout = self.layout
        name, account, product = (self.text(line, role) for role in ("name", "account", "product"))
        stage = self.text(line, "stage", LONGEST_STAGE) or self.text(line, "status", LONGEST_STAGE)
        is_won = status == "won" and layout.cell(line, "won_amount")
        money = self.money(line, "won_amount" if is_won else "amount")
        return DealRow(
            number=line.number,
            external_id=key,
            name=name or self._default_name(product, account),
            has_name=bool(name),
            account=account,
            account_id=self.optional_id(line, "account_id"),
            owner=self.text(line, "owner", LONGEST_PERSON),
            owner_email=self.text(line, "owner_email", 254),
            manager=self.text(line, "manager", LONGEST_PERSON),
            stage=stage,
            status=status,
            pipeline=self.text(line, "pipeline", LONGEST_PERSON),
            record_type=self.text(line, "record_type", LONGEST_PERSON),
            amount=money.amount,
            foreign=money.foreign,
            close_date=self._close_date(line, status),
            opened_on=self.day(line, "opened_on"),
            deal_type=meaning(layout.cell(line, "deal_type"), DEAL_TYPES),
            lead_source=meaning(layout.cell(line, "lead_source"), LEAD_SOURCES),
            next_step=self.words(line, "next_step"),
            next_step_on=self.day(line, "next_step_on"),
            forecast_category=meaning(layout.cell(line, "forecast_category"), FORECASTS),
            loss_reason=self.words(line, "loss_reason") if status == "lost" else "",
            contract_end=self.day(line, "contract_end"),
        )

    def _withdrawn(self, line: Line, key: str) -> DealRow:
        """What is left of a deal that was deleted: who it was. Its figures mean nothing any more."""
        name, account = (self.text(line, role) for role in ("name", "account"))
        return DealRow(
            number=line.number,
            external_id=key,
            name=name or self._default_name("", account),
            has_name=bool(name),
            account=account,
            owner=self.text(line, "owner", LONGEST_PERSON),
            manager=self.text(line, "manager", LONGEST_PERSON),
            stage=self.text(line, "stage", LONGEST_STAGE),
            status=WITHDRAWN,
            amount=None,
            close_date=None,
            opened_on=None,
        )

    def _default_name(self, product: str, account: str) -> str:
        """A name for a deal without one, no longer than a name may be."""
        what = self.layout.format.spellings.get(product, product) or "Deal"
        return (f"{what} for {account}" if account else f"{what}, {UNKNOWN_ACCOUNT}")[:200]

    def _close_date(self, line: Line, status: str) -> date | None:
        """The day a closed deal was closed; the day an open one is expected to close. A day that was only expected
        never dates a win, unless somebody said so.
        """
        expected = ["expected_on"] * (self.answers.won_when_expected == "yes")
        roles: dict[str, tuple[str, ...]] = {
            "won": (*DATES_OF_WINS, *expected),
            "lost": ("lost_on", "closed_on", "close_date", "expected_on"),
        }
        days: Iterator[date | None] = (
            self.day(line, role) for role in roles.get(status, ("expected_on", "close_date"))
        )
        return next((day for day in days if day is not None), None)

    def _check_revenue(self, deal: DealRow, line: Line) -> None:
        if deal.amount is None:
            raise CellError(f"the deal is won, but “{self.layout.header_of('amount')}” is empty")
        if deal.close_date is None:
            raise CellError(f"the deal is won, but {self.describe_lack(line)}")
        if deal.close_date > self.terms.today:
            raise CellError(f"the deal is won on {deal.close_date}, which is in the future")

    def describe_lack(self, line: Line) -> str:
        """Why a win has no day."""
        header = self.layout.header_of("won_on", "closed_on", "close_date")
        problem = f"“{header}” is empty" if header else "no column says when"
        if not self.layout.cell(line, "expected_on"):
            return problem
        return f"{problem}, and “{self.layout.header_of('expected_on')}” is not the day it was won"

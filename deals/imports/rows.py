"""The lines of a recognised table as deals, each checked. Pure: what is wrong is said by row, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from deals.imports import cells
from deals.imports.cells import BadCell
from deals.imports.read import BadFile, Line
from deals.imports.recognise import Layout

UNKNOWN_ACCOUNT = "account not known"
LONGEST = {"name": 200, "account": 200, "product": 100, "owner": 120, "manager": 120, "stage": 80}
SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow:
    """One deal as the file tells it. None or empty: the file does not say."""

    number: int  # the row in the file
    external_id: str
    name: str
    has_name: bool  # False: made up of the product and the account
    account: str
    owner: str
    manager: str
    stage: str
    status: str
    amount: Decimal | None
    close_date: date | None
    opened_on: date | None

    @property
    def won(self) -> Decimal:
        """What it brought in; nothing unless it is won."""
        return self.amount if self.status == "won" and self.amount else Decimal(0)


@dataclass(slots=True)
class Reading:
    """How the cells of one file are to be read, and what was found in them."""

    layout: Layout
    currency: str
    locale: str
    month_leads: bool
    today: date
    stages: dict[str, set[str]] = field(default_factory=lambda: {"won": set(), "lost": set(), "open": set()})
    left_out: int = 0


def read_rows(
    table: Sequence[Line], layout: Layout, *, currency: str, locale: str, today: date
) -> tuple[list[DealRow], Reading]:
    """Every deal of the file, footers and deleted ones left out. Raises BadFile with what is wrong, row by row.

    `locale` is how the file writes amounts and days, empty to go by the file; money dated after `today` is refused.
    """
    body = [line for line in table if line.number > layout.header.number]
    month_leads = _month_leads(body, layout, locale)
    reading = Reading(layout, currency, locale or layout.source.locale, month_leads, today)
    found: dict[str, tuple[Line, DealRow]] = {}
    faults: list[str] = []
    for line in body:
        try:
            row = _row(line, reading)
            if row is not None:
                _refuse_second(line, row, found)
                found[row.external_id] = (line, row)
        except BadCell as trouble:
            faults.append(f"Row {line.number}: {trouble}.")
    _refuse(faults, found=bool(found), reading=reading)
    return [row for _, row in found.values()], reading


def stated_currencies(table: Sequence[Line], layout: Layout) -> set[str]:
    """The codes in the file's currency column, if it has one."""
    body = (line for line in table if line.number > layout.header.number)
    return {code for line in body if (code := layout.cell(line, "currency").upper()) in cells.CURRENCIES}


def _refuse(faults: list[str], *, found: bool, reading: Reading) -> None:
    if faults:
        rest = len(faults) - SHOWN_FAULTS
        more = [f"… and {rest} more rows."] if rest > 0 else []
        raise BadFile(*faults[:SHOWN_FAULTS], *more)
    if not found and not reading.left_out:
        raise BadFile("There are headers in the file, but no deals below them.")


def _refuse_second(line: Line, row: DealRow, found: dict[str, tuple[Line, DealRow]]) -> None:
    first = found.get(row.external_id)
    if first and first[0].cells != line.cells:
        raise BadCell(
            f"the deal “{cells.shown(row.external_id)}” stands already in row {first[0].number}, with other values"
        )


def _month_leads(body: Sequence[Line], layout: Layout, locale: str) -> bool:
    if locale:
        return cells.month_comes_first(locale)
    roles = ("close_date", "won_on", "lost_on", "closed_on", "opened_on")
    texts = (layout.cell(line, role) for line in body for role in roles)
    try:
        return bool(cells.month_first(text for text in texts if text))
    except BadCell as trouble:
        raise BadFile(
            f"The days in this file can be read in two ways: {trouble}.",
            "Say how they are meant: --locale en-US for the month first, --locale en-GB for the day first.",
        ) from trouble


def _row(line: Line, reading: Reading) -> DealRow | None:
    layout = reading.layout
    external_id = layout.cell(line, "external_id").removeprefix("zcrm_")
    if line.is_footer and external_id in ("", line.first):
        return None
    if len(line.cells) != len(layout.header.cells) and _lacks_cells(line, layout):
        raise BadCell(f"there are {len(line.cells)} cells where the headers have {len(layout.header.cells)}")
    if not external_id:
        raise BadCell(f"“{layout.header_of('external_id')}” is empty, so the deal could not be known again")
    if "is_deleted" in layout.columns and cells.yes(layout.cell(line, "is_deleted")):
        reading.left_out += 1
        return None
    row = _deal(line, external_id, reading)
    if row.status == "won":
        _check_revenue(row, reading)
    return row


def _lacks_cells(line: Line, layout: Layout) -> bool:
    """Fewer cells than a column in use needs, or words beyond the last header."""
    return len(line.cells) <= max(layout.columns.values()) or any(line.cells[len(layout.header.cells) :])


def _deal(line: Line, external_id: str, reading: Reading) -> DealRow:
    layout = reading.layout
    status = _status(line, layout)
    text = {role: cells.words(layout.cell(line, role), longest=longest) for role, longest in LONGEST.items()}
    stage = text["stage"] or cells.words(layout.cell(line, "status"), longest=LONGEST["stage"])
    reading.stages[status].add(stage)
    return DealRow(
        number=line.number, external_id=cells.words(external_id, longest=100), name=text["name"] or _made_up(layout, text),
        has_name=bool(text["name"]), account=text["account"], owner=text["owner"], manager=text["manager"], stage=stage, status=status,
        amount=_amount(line, reading), close_date=_close_date(line, status, reading),
        opened_on=_day(line, "opened_on", reading),
    )  # fmt: skip


def _check_revenue(row: DealRow, reading: Reading) -> None:
    if row.amount is None:
        raise BadCell(f"the deal is won, but “{reading.layout.header_of('amount')}” is empty")
    if row.close_date is None:
        raise BadCell(
            f"the deal is won, but “{reading.layout.header_of('won_on', 'closed_on', 'close_date')}” is empty"
        )
    if row.close_date > reading.today:
        raise BadCell(f"the deal is won on {row.close_date}, which is still to come")


def _status(line: Line, layout: Layout) -> str:
    flags = {
        role: cells.yes(layout.cell(line, role))
        for role in ("is_won", "is_lost", "is_closed")
        if role in layout.columns
    }
    if flags.get("is_won"):
        return "won"
    if flags.get("is_lost") or (flags.get("is_closed") and "is_won" in flags):
        return "lost"
    if "is_won" in flags and "is_closed" in flags:
        return "open"
    text = layout.cell(line, "status") or layout.cell(line, "stage")
    if not text:
        raise BadCell(f"“{layout.header_of('status', 'stage')}” is empty")
    return cells.status_of(text)


def _made_up(layout: Layout, text: dict[str, str]) -> str:
    """A name for a deal that has none, as long as a name may be."""
    what = layout.source.spellings.get(text["product"], text["product"]) or "Deal"
    return (f"{what} for {text['account']}" if text["account"] else f"{what}, {UNKNOWN_ACCOUNT}")[
        : LONGEST["name"]
    ]


def _amount(line: Line, reading: Reading) -> Decimal | None:
    text, code = reading.layout.cell(line, "amount"), reading.layout.cell(line, "currency")
    if not text:
        return None
    if code and code.upper() != reading.currency:
        raise BadCell(f"the amount is in {cells.shown(code)}, and the company counts in {reading.currency}")
    return cells.amount(text, locale=reading.locale, currency=reading.currency)


def _close_date(line: Line, status: str, reading: Reading) -> date | None:
    """Of a closed deal the day it was closed, of an open one the day it is expected to."""
    said: dict[str, tuple[str, ...]] = {
        "won": ("won_on", "closed_on"),
        "lost": ("lost_on", "closed_on"),
        "open": (),
    }
    days: Iterator[date | None] = (_day(line, role, reading) for role in (*said[status], "close_date"))
    return next((day for day in days if day is not None), None)


def _day(line: Line, role: str, reading: Reading) -> date | None:
    text = reading.layout.cell(line, role)
    return cells.day(text, month_leads=reading.month_leads) if text else None

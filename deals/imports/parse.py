"""The lines of a recognised table as deals, each checked. Pure; errors name the row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from decimal import Decimal

from alignment.rules.currencies import CURRENCIES, is_called, is_currency
from deals.imports.columns import Layout
from deals.rules.identity import deal_key, is_placeholder
from deals.rules.stages import Status, known_status
from deals.rules.sums import is_sum_word, labels_sum, seems_sum
from deals.tables import cells
from deals.tables.amounts_and_days import Reading, settle
from deals.tables.cells import CellError, quote
from deals.tables.checks import MAX_ERRORS, check_currencies, check_whole, describe_rows, refuse
from deals.tables.csv_reader import Figure, Line, TableError
from deals.tables.headings import check_headings, stated_code
from deals.tables.questions import UNANSWERED, Answers, TableQuestion

UNKNOWN_ACCOUNT = "account not known"
LONGEST = {"name": 200, "account": 200, "product": 100, "owner": 120, "manager": 120, "stage": 80}
DAYS = ("close_date", "expected_on", "won_on", "lost_on", "closed_on", "opened_on")
MAX_FIGURES = 15
"""Digits that a spreadsheet keeps of a number."""
NEGATIVE = "and a deal is worth zero or more"


@dataclass(frozen=True, slots=True)
class FileAnswers:
    """What somebody said of a file: how it writes, what its stages mean, whether an expected day will do."""

    written: Answers = UNANSWERED
    stages: Mapping[str, Status] = field(default_factory=dict)
    won_when_expected: bool = False


NO_ANSWERS = FileAnswers()


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow:
    """One deal as the file has it. None or empty: the file does not say."""

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
        """What it brought in; zero unless it is won."""
        return self.amount if self.status == "won" and self.amount else Decimal(0)


@dataclass(slots=True)
class DealFile:
    """How the cells of one file are read, and what was in them."""

    layout: Layout
    currency: str
    cells: Reading
    answers: FileAnswers
    today: date
    zone: tzinfo
    stages: dict[str, set[str]] = field(default_factory=lambda: {"won": set(), "lost": set(), "open": set()})
    deleted: list[str] = field(default_factory=list)
    """Ids that the CRM has deleted."""
    sums: list[str] = field(default_factory=list)
    """Rows left out as sums."""


def read_rows(
    table: Sequence[Line],
    layout: Layout,
    *,
    currency: str,
    locale: str,
    today: date,
    zone: tzinfo = UTC,
    answers: FileAnswers = NO_ANSWERS,
) -> tuple[list[DealRow], DealFile]:
    """Every deal of the file except sums, footers and deleted ones. Raises TableError with what is wrong, row
    by row, and TableQuestion for what only a person can say.

    `locale` is how the source writes amounts. A win dated after `today` is refused. A
    moment is a day in `zone`.
    """
    body = [line for line in table if line.number > layout.header.number and not _is_footer(line, layout)]
    sums_in = [line for line in body if _is_sum(line, layout)]
    deals_in = [line for line in body if not _is_sum(line, layout)]
    check_whole(deals_in, layout.header, amount_at=layout.columns.get("amount"))
    check_currencies(deals_in, layout.header, currency, used=layout.columns.values())
    titles = [line for line in table if line.number < layout.header.number]
    refuse(
        [
            *check_headings(titles, None, currency),
            *check_headings([layout.header], [layout.columns["amount"]], currency),
        ]
    )
    settled = _settle(deals_in, layout, currency=currency, locale=locale, answers=answers.written)
    reading = DealFile(layout, currency, settled, answers, today, zone)
    reading.sums = [f"row {row}" for row in describe_rows(sums_in)]
    _ask_for_stages(deals_in, reading)
    deals = _deals_by_id(deals_in, reading)
    if not deals and not reading.deleted:
        raise TableError("The file has headers but no deals below them.")
    reading.deleted = [key for key in reading.deleted if key not in deals]
    return list(deals.values()), reading


def _settle(
    lines: Sequence[Line], layout: Layout, *, currency: str, locale: str, answers: Answers
) -> Reading:
    """How the amounts and days of these lines are written."""
    return settle(
        amounts=((line.number, layout.cell(line, "amount")) for line in lines),
        dates=[[layout.cell(line, role) for line in lines] for role in DAYS if role in layout.columns],
        currency=currency,
        locale=locale,
        is_promised=bool(answers.order),
        answers=answers,
        negative=NEGATIVE,
    )


def _deals_by_id(lines: Sequence[Line], reading: DealFile) -> dict[str, DealRow]:
    """Raises TableError naming each row that is wrong or there twice."""
    deals: dict[str, tuple[Line, DealRow]] = {}
    errors: list[str] = []
    for line in lines:
        try:
            row = _row(line, reading)
            if row is not None:
                _check_duplicate(line, row, deals, reading.layout)
                deals[row.external_id] = (line, row)
        except CellError as error:
            errors.append(f"Row {line.number}: {error}.")
    refuse(errors)
    return {key: row for key, (_, row) in deals.items()}


def _is_sum(line: Line, layout: Layout) -> bool:
    """Its id is no more than a word for a sum; or it has none, nor a day and an amount. A deal called "Total rollout"
    has an id.
    """
    external_id = layout.cell(line, "external_id")
    if external_id:
        return labels_sum(external_id)
    days = (layout.cell(line, role) for role in DAYS)
    has_day = any(day and not is_sum_word(day) for day in days)
    return seems_sum(line.cells) and not (has_day and layout.cell(line, "amount"))


def _is_footer(line: Line, layout: Layout) -> bool:
    """A note below the rows; a deal called "Copyright renewal" has a stage."""
    return line.is_footer and not any(layout.cell(line, role) for role in ("stage", "status", "amount"))


def find_currency_column(table: Sequence[Line], layout: Layout) -> None:
    """A column whose cells are codes of currencies is one, whatever its header."""
    if "currency" in layout.columns:
        return
    body = [line for line in table if line.number > layout.header.number]
    for column in set(range(len(layout.header.cells))) - set(layout.columns.values()):
        codes = {line.cells[column] for line in body if column < len(line.cells) and line.cells[column]}
        if codes and all(map(is_currency, codes)):
            layout.columns["currency"] = column
            return


def _ask_for_stages(body: Sequence[Line], reading: DealFile) -> None:
    """Raises TableQuestion for every stage that nobody has said the meaning of."""
    texts = {text for line in body if (text := _deciding_text(line, reading.layout))}
    unclear = sorted(text for text in texts if known_status(text, reading.answers.stages) is None)
    if unclear:
        names = ", ".join(f"“{quote(text)}”" for text in unclear[:MAX_ERRORS])
        more = f" and {len(unclear) - MAX_ERRORS} more" if len(unclear) > MAX_ERRORS else ""
        mean = "means" if len(unclear) == 1 else "mean"
        raise TableQuestion(
            "stages", f"The file does not say whether {names}{more} {mean} won, lost or open."
        )


def _deciding_text(line: Line, layout: Layout) -> str:
    """The status or else the stage, where no flag says how the deal stands."""
    try:
        is_flagged = _flagged(line, layout) is not None
    except CellError:
        is_flagged = True  # the row is refused for it
    return "" if is_flagged else layout.cell(line, "status") or layout.cell(line, "stage")


def stated_currencies(table: Sequence[Line], layout: Layout) -> set[str]:
    """The codes in the file's currency column, if it has one, and in the heading of its amounts."""
    body = (line for line in table if line.number > layout.header.number)
    codes = {code for line in body if (code := layout.cell(line, "currency").upper()) in CURRENCIES}
    return codes | ({code} if (code := stated_code(layout.header_of("amount"))) else set())


def _check_duplicate(
    line: Line, row: DealRow, deals: dict[str, tuple[Line, DealRow]], layout: Layout
) -> None:
    first = deals.get(row.external_id)
    if first and _without_id(first[0], layout) != _without_id(line, layout):
        raise CellError(
            f"the deal “{quote(row.external_id)}” is also in row {first[0].number}, with other values"
        )


def _without_id(line: Line, layout: Layout) -> list[str]:
    return [cell for column, cell in enumerate(line.cells) if column != layout.columns["external_id"]]


def _row(line: Line, reading: DealFile) -> DealRow | None:
    layout = reading.layout
    if line.width and line.width <= max(layout.columns.values()):
        raise CellError(f"there are {line.width} cells where the headers have {len(layout.header.cells)}")
    external_id = _id(line, layout)
    if "is_deleted" in layout.columns and cells.parse_flag(layout.cell(line, "is_deleted")):
        reading.deleted.append(external_id)
        return None
    row = _deal(line, external_id, reading)
    if row.status == "won":
        _check_revenue(row, reading)
    return row


def _id(line: Line, layout: Layout) -> str:
    text = layout.cell(line, "external_id")
    if not text:
        raise CellError(
            f"“{layout.header_of('external_id')}” is empty, so a later import could not recognise the deal"
        )
    if cells.is_spoilt(text) or (isinstance(text, Figure) and len(text) > MAX_FIGURES):
        raise CellError(
            f"“{quote(text)}” is no longer an id: a spreadsheet has changed it. Format that column as text and "
            "export it again"
        )
    key = deal_key(cells.clean_text(text, longest=100), source=layout.source.key)
    if is_placeholder(key):
        raise CellError(f"“{quote(text)}” is no id, so a later import could not recognise the deal")
    return key


def _deal(line: Line, external_id: str, reading: DealFile) -> DealRow:
    layout = reading.layout
    status = _status(line, reading)
    text = {
        role: cells.clean_text(layout.cell(line, role), longest=longest) for role, longest in LONGEST.items()
    }
    stage = text["stage"] or cells.clean_text(layout.cell(line, "status"), longest=LONGEST["stage"])
    reading.stages[status].add(stage)
    return DealRow(
        number=line.number,
        external_id=external_id,
        name=text["name"] or _default_name(layout, text),
        has_name=bool(text["name"]),
        account=text["account"],
        owner=text["owner"],
        manager=text["manager"],
        stage=stage,
        status=status,
        amount=_amount(line, reading),
        close_date=_close_date(line, status, reading),
        opened_on=_day(line, "opened_on", reading),
    )


def _check_revenue(row: DealRow, reading: DealFile) -> None:
    if row.amount is None:
        raise CellError(f"the deal is won, but “{reading.layout.header_of('amount')}” is empty")
    if row.close_date is None:
        layout = reading.layout
        header = layout.header_of("won_on", "closed_on", "close_date")
        expected = layout.header_of("expected_on")
        problem = f"“{header}” is empty" if header else "no column says when"
        aside = (
            f", and “{expected}” is not the day it was won (--won-when-expected takes it)" if expected else ""
        )
        raise CellError(f"the deal is won, but {problem}{aside}")
    if row.close_date > reading.today:
        raise CellError(f"the deal is won on {row.close_date}, which is in the future")


def _flagged(line: Line, layout: Layout) -> Status | None:
    """What the flags of the CRM say; None where it has none. Raises CellError for flags at odds."""
    flags = {
        role: cells.parse_flag(layout.cell(line, role))
        for role in ("is_won", "is_lost", "is_closed")
        if role in layout.columns
    }
    is_won, is_lost, is_closed = flags.get("is_won"), flags.get("is_lost"), flags.get("is_closed")
    if (is_won and is_lost) or ((is_won or is_lost) and is_closed is False):
        raise CellError("its columns for won, lost and closed do not agree")
    if is_won:
        return "won"
    if is_lost or (is_closed and is_won is not None):
        return "lost"
    return "open" if is_won is not None and (is_closed is not None or is_lost is not None) else None


def _status(line: Line, reading: DealFile) -> Status:
    """What flags, status and stage say together. Raises CellError where they do not agree.

    An open stage beside a status is only where the deal ended.
    """
    layout, stages = reading.layout, reading.answers.stages
    status, stage = layout.cell(line, "status"), layout.cell(line, "stage")
    flagged = _flagged(line, layout)
    if not flagged and not status and not stage:
        raise CellError(f"“{layout.header_of('status', 'stage')}” is empty")
    meanings = {
        "the CRM’s own marks": flagged,
        f"“{quote(status)}”": known_status(status, stages),
        f"“{quote(stage)}”": known_status(stage, stages),
    }
    decided = flagged or known_status(status or stage, stages)
    assert decided is not None  # _ask_for_stages has asked for all others
    for name, meaning in meanings.items():
        if meaning in ("won", "lost") and meaning != decided:
            raise CellError(f"{name} says {meaning}, but another column says {decided}")
    return decided


def _default_name(layout: Layout, text: dict[str, str]) -> str:
    """A name for a deal without one, no longer than a name may be."""
    what = layout.source.spellings.get(text["product"], text["product"]) or "Deal"
    return (f"{what} for {text['account']}" if text["account"] else f"{what}, {UNKNOWN_ACCOUNT}")[
        : LONGEST["name"]
    ]


def _amount(line: Line, reading: DealFile) -> Decimal | None:
    text, code = reading.layout.cell(line, "amount"), reading.layout.cell(line, "currency")
    if text and code and not is_called(code, reading.currency):
        raise CellError(f"the amount is in {quote(code)}, but the company uses {reading.currency}")
    return reading.cells.amount(text, currency=reading.currency)


def _close_date(line: Line, status: str, reading: DealFile) -> date | None:
    """The day a closed deal was closed; the day an open one is expected to close. A day that was only expected
    never dates a win, unless somebody said so.
    """
    roles: dict[str, tuple[str, ...]] = {
        "won": ("won_on", "closed_on", "close_date", *(["expected_on"] * reading.answers.won_when_expected)),
        "lost": ("lost_on", "closed_on", "close_date", "expected_on"),
        "open": ("expected_on", "close_date"),
    }
    days: Iterator[date | None] = (_day(line, role, reading) for role in roles[status])
    return next((day for day in days if day is not None), None)


def _day(line: Line, role: str, reading: DealFile) -> date | None:
    text = reading.layout.cell(line, role)
    return reading.cells.day(text, zone=reading.zone) if text else None

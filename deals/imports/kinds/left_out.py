"""Which rows of a table are none of its data: sums, notes, headings that come again. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from deals.imports.columns import Layout
from deals.rules.sums import is_sum_word, labels_sum, seems_sum
from deals.tables.csv_reader import Line

_GROUP = re.compile(r".+ \(\d[\d.,']*\)")
_FIGURES = re.compile(r"[^\w]*[\d.,'’\s]+[^\w]*|[^\d]{0,4}[\d.,'’\s]+[^\d]{0,4}")


class Reason(StrEnum):
    SUM = "sum"
    NOTE = "note"
    HEADING = "heading"
    GROUP = "group"
    SUBITEM = "subitem"
    OTHER = "nothing"


PLURAL = {
    Reason.SUM: "sums",
    Reason.NOTE: "notes below the table",
    Reason.HEADING: "headings that stand again",
    Reason.GROUP: "headings of groups",
    Reason.SUBITEM: "items below another item",
    Reason.OTHER: "rows without anything that is read",
}


def reason_left_out(line: Line, layout: Layout) -> Reason | None:
    """None for a row of data."""
    if line.is_footer and _is_alone(line, layout):
        return Reason.NOTE
    if line.cells == layout.header.cells:
        return Reason.HEADING
    if layout.format.key == "monday" and (reason := _of_monday(line, layout)):
        return reason
    if _is_sum(line, layout):
        return Reason.SUM
    if _heads_group(line, layout):
        return Reason.GROUP
    return None if layout.has_any(line) else Reason.OTHER


def _is_alone(line: Line, layout: Layout) -> bool:
    """Whether the row has a text and nothing that only a row of data has. A note may hold a comma of its own."""
    if _has_amounts(layout):
        return not any(layout.cell(line, role) for role in ("stage", "status", "amount"))
    return len([cell for cell in line.cells if cell]) <= 2 and layout.cell(line, "external_id") in (
        "",
        line.first,
    )


def _has_amounts(layout: Layout) -> bool:
    """Whether a row of this kind is about an amount: accounts and contacts have names like "Total" and "Copyright"."""
    return "amount" in layout.kind.amounts


def _is_sum(line: Line, layout: Layout) -> bool:
    """Its id is no more than a word for a sum; or it has none, nor a day and an amount. A deal called "Total rollout"
    has an id. Of accounts and contacts only a word for a sum with figures alone beside it is one.
    """
    if not _has_amounts(layout):
        others = [cell for cell in line.cells if cell and cell != line.first]
        return is_sum_word(line.first) and all(map(_FIGURES.fullmatch, others))
    id_role = "deal_id" if ("deal_id",) in layout.kind.needed else "external_id"
    if text := layout.cell(line, id_role):
        return labels_sum(text)
    if not seems_sum(line.cells):
        return False
    days = [layout.cell(line, role) for role in layout.kind.days]
    has_day = any(day and not labels_sum(day) for day in days)
    return not (has_day and layout.cell(line, "amount"))


def _heads_group(line: Line, layout: Layout) -> bool:
    """ "Won (12)" and at most figures beside it, where a row of data has an id or a stage."""
    if not _has_amounts(layout) or len(layout.header.cells) < 3 or not _GROUP.fullmatch(line.first):
        return False
    if any(layout.cell(line, role) not in ("", line.first) for role in ("external_id", "stage", "status")):
        return False
    rest = [cell for cell in line.cells if cell and cell != line.first]
    return all(map(_FIGURES.fullmatch, rest))


def _of_monday(line: Line, layout: Layout) -> Reason | None:
    """Its boards have items below items, whose columns are others, and sums without a name below each group."""
    if line.cells[:2] == ("Subitems", "Name"):
        return Reason.SUBITEM
    if not layout.cell(line, "name"):
        return Reason.SUM if all(map(_FIGURES.fullmatch, filter(None, line.cells))) else Reason.SUBITEM
    return Reason.GROUP if len([cell for cell in line.cells if cell]) == 1 else None

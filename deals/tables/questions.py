"""What only a person can say of a table, and the answers. Who cannot ask refuses: a question is a TableError."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deals.tables.csv_reader import TableError

SHOWN_ROWS = 5
"""Rows that a question names."""
MARK_CHOICES = ((".", "1,250.50"), (",", "1.250,50"))
ORDER_CHOICES = (("month", "Month first: 11/23/2026"), ("day", "Day first: 23/11/2026"))
HIDDEN_CHOICES = (("read", "Read them too"), ("leave-out", "Leave them out"))


class TableQuestion(TableError):
    """The table can be read in several ways. `key` is the field of Answers that settles it; `choices` are the
    answers and what they mean.
    """

    def __init__(self, key: str, *sentences: str, choices: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(*sentences)
        self.key, self.choices = key, choices


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said of the whole table; empty: not said."""

    mark: str = ""  # the decimal mark, "." or ","
    order: str = ""  # of dates, "day" or "month" first
    worksheet: str = ""  # of a workbook, by its name
    hidden: str = ""  # rows, "read" or "leave-out"


UNANSWERED = Answers()

"""What only a person can say of a file: asked all at once, each with the rows that show the doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deals.tables.csv_reader import TableError


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row of the file as it is quoted: its number as a spreadsheet counts, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is what `Answers.with_answer` takes; `choices` are (value, label), empty where something is typed in.

    `rows` show the doubt, at most five. What is not `is_required` may stay open: reading goes on without it. No
    choice is selected beforehand: what is likely is said in the sentence.
    """

    key: str
    sentence: str
    rows: tuple[SampleRow, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True


class OpenQuestionsError(TableError):
    """The file was to be read although something must be answered first: see `questions`."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(*(question.sentence for question in questions))
        self.questions = tuple(questions)

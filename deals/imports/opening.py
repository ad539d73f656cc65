"""A file, opened, and what is to be asked about that: its sheet, its hidden rows, its code page. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from deals.imports.answers import Answers
from deals.imports.columns import is_untouchable
from deals.imports.questions import Question
from deals.tables.csv_reader import HeldLines, Line, foreign_word
from deals.tables.files import IMPORTED, OpenedTable, open_file
from deals.tables.questions import Answers as FileAnswers
from deals.tables.questions import TableQuestion

MOST_HELD = 20_000
"""Lines that are held instead of parsed again: some 20 MB."""


def open_with_questions(
    content: bytes, *, locale: str, answers: Answers
) -> tuple[OpenedTable, tuple[Question, ...]]:
    """The file, and what is to be asked about how it was opened; meanwhile the first answer is taken."""
    stated = FileAnswers(worksheet=answers.worksheet, hidden=answers.hidden)
    questions: list[Question] = []
    while True:
        try:
            opened = open_file(
                content,
                IMPORTED,
                locale=locale,
                encoding=answers.encoding,
                delimiter=answers.separator,
                answers=stated,
            )
            held = replace(opened, lines=HeldLines(opened.lines, MOST_HELD))
            return held, (*questions, *_encoding_question(opened, answers))
        except TableQuestion as question:
            choices = tuple(question.choices)
            questions.append(Question(question.key, " ".join(question.sentences), (), choices))
            stated = replace(stated, **{question.key: choices[0][0]})


def _encoding_question(opened: OpenedTable, answers: Answers) -> Iterator[Question]:
    """Is this your text? The first foreign word of a file of an old code page, as several would read it."""
    if opened.text is None or not opened.text.note or answers.encoding:
        return
    choices = dict[str, str]()
    for name in (opened.text.encoding, "cp1252", "mac-roman", "cp1250", "cp1251"):
        try:
            word = foreign_word(replace(opened.text, encoding=name))
        except UnicodeError:
            continue
        if word not in choices.values():
            choices[name] = word
    yield Question(
        "encoding",
        f"{opened.text.note} Is this your text?",
        (),
        tuple(choices.items()),
        is_required=False,
    )


def is_about_ids(question: Question, opened: OpenedTable, header: Line) -> bool:
    """A CRM that hides the columns of its ids has nothing to hide: they are needed."""
    hidden = opened.hidden
    if question.key != "hidden" or hidden.rows:
        return False
    return all(at < len(header.cells) and is_untouchable(header.cells[at]) for at in hidden.columns)

"""What a file says, and what only a person can say of it: the way in of every import. Pure; nothing is guessed.

`understand` never raises for a doubt: it asks, all at once. `read` gives the rows, one by one, when nothing must be
answered any more. Both raise TableError (sentences) for what cannot be read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alignment.rules.folding import fold
from deals.crm_formats import FORMATS, KINDS, UNREAD
from deals.imports.answers import Answers
from deals.imports.columns import OTHER, other_format
from deals.imports.doubts.number_and_date_formats import contradicted_answers
from deals.imports.kinds.rows import ReadRow
from deals.imports.questions import OpenQuestionsError, Question
from deals.imports.reading import CompanyTerms, Reading, prepare

__all__ = [
    "Column",
    "CompanyTerms",
    "LeftOut",
    "StageMeaning",
    "Understanding",
    "format_choices",
    "headers_key",
    "read",
    "role_choices",
    "understand",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, its role ("" for one that is not read), and its first three cells with text.

    `key` names it in Answers.columns: the header, or "Column 3" where it has none. `said_by` is "format",
    "company" (somebody answered) or "".
    """

    key: str
    header: str
    role: str
    examples: tuple[str, ...]
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class StageMeaning:
    """`meaning`: won, lost, open, leave-out, or "" while nobody has said it. `said_by`: "format" (the CRM's own
    list), "flags" (the CRM's own marks in each row), "company" (somebody answered), or "".
    """

    name: str
    meaning: str
    said_by: str
    rows: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not read, as a sentence, with the first rows it is about."""

    sentence: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """How the file is read with the answers so far, and every question that is open."""

    kind: str
    format: str  # key of the CRM format; "other" for a table of no known CRM
    format_name: str  # "Salesforce", "a table of deals"
    language: str  # of the headers: en, de, fr
    source: str  # ids of one source are ids of one CRM, in whatever language it exports
    encoding: str
    separator: str  # empty for a workbook
    worksheet: str
    worksheets: tuple[str, ...]
    header_row: int
    columns: tuple[Column, ...]
    decimal_mark: str  # "" where no amount shows it or needs it
    date_order: str  # "day" or "month" first; "" where no date shows it or needs it
    currency: str  # of amounts that name none
    currencies: Mapping[str, int]  # code → rows in it
    stages: tuple[StageMeaning, ...]
    pipelines: Mapping[str, int]  # name → rows
    record_types: Mapping[str, int]
    owners: Mapping[str, int]
    row_count: int  # rows below the headers that are to be read
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]  # what else was taken for granted: a code page, two-digit years
    questions: tuple[Question, ...]
    contradicted: tuple[str, ...]  # the answers that cells of the file contradict

    @property
    def is_ready(self) -> bool:
        """Whether `read` can be called: nothing that must be answered is open."""
        return not any(question.is_required for question in self.questions)


def understand(content: bytes, *, kind: str, terms: CompanyTerms, answers: Answers) -> Understanding:
    """What the file says, with the answers so far. Kinds: deals, accounts, contacts, revenue, history.

    Never raises for a doubt: that is a question. Raises TableError for what cannot be read at all.
    """
    return _described(prepare(content, kind=kind, terms=terms, answers=answers))


def read(content: bytes, *, kind: str, terms: CompanyTerms, answers: Answers) -> Iterator[ReadRow]:
    """The rows of the file, in their order, one by one: memory does not grow with their number.

    Raises OpenQuestionsError where something must be answered first, before any row; TableError for what cannot be
    read at all.
    """
    reading = prepare(content, kind=kind, terms=terms, answers=answers)
    needed = [question for question in reading.questions if question.is_required]
    if needed:
        raise OpenQuestionsError(needed)
    return reading.rows()


WHY_REFUSED = "Why it was refused"
"""The column that a file of refused rows has more than the file they came from."""


def headers_key(understanding: Understanding) -> str:
    """What names a set of headers, so that answers are kept for the company and it: the kind and the headers, in
    whatever order and case. Refused rows that come back mended are such a table as before.
    """
    headers = sorted(
        fold(column.header) for column in understanding.columns if column.header not in ("", WHY_REFUSED)
    )
    return f"{understanding.kind}: {' | '.join(headers)}"


def format_choices(kind: str) -> tuple[tuple[str, str], ...]:
    """(key, name) of the formats that a person can choose for Answers.format."""
    known = sorted((crm_format.name, crm_format.key) for crm_format in FORMATS if crm_format.kind == kind)
    return (*((key, name) for name, key in known), (OTHER, other_format(kind).name))


def role_choices(kind: str) -> tuple[tuple[str, str], ...]:
    """(role, name) of what a column can be; the first is for one that is not to be read."""
    return ((UNREAD, "Not read"), *KINDS[kind].roles.items())


def _described(reading: Reading) -> Understanding:
    layout, survey, opened = reading.layout, reading.survey, reading.opened
    role_at = layout.role_at
    return Understanding(
        kind=layout.format.kind,
        format=layout.format.key,
        format_name=layout.format.name,
        language=layout.format.language,
        source=layout.format.source,
        encoding=opened.text.encoding if opened.text else "",
        separator=opened.text.delimiter if opened.text else "",
        worksheet=opened.worksheet,
        worksheets=opened.worksheets,
        header_row=layout.header.number,
        columns=tuple(
            Column(
                key,
                layout.header.cells[at],
                role_at.get(at, ""),
                tuple(survey.examples[at]),
                "company" if at in layout.stated else "format" if at in role_at else "",
            )
            for at, key in enumerate(layout.keys)
        ),
        decimal_mark=reading.amounts.marks.decimal,
        date_order=reading.date_order,
        currency=reading.amounts.stated or reading.amounts.currency,
        currencies=dict(survey.currencies.most_common()),
        stages=tuple(StageMeaning(name, *meaning) for name, meaning in sorted(survey.stage_meanings.items())),
        pipelines=dict(survey.texts.get("pipeline", {})),
        record_types=dict(survey.texts.get("record_type", {})),
        owners=dict(survey.texts.get("owner", {})),
        row_count=survey.row_count,
        left_out=tuple(LeftOut(sentence, rows) for sentence, rows in reading.left_out),
        notes=reading.notes,
        questions=reading.questions,
        contradicted=contradicted_answers(survey, reading.answers),
    )

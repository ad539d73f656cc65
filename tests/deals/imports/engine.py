"""A file through the engine of imports, without a database."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date

from deals.imports.answers import UNANSWERED, Answers
from deals.imports.kinds.rows import ReadRow, Values, Verdict
from deals.imports.understanding import CompanyTerms, Understanding, read, understand

TODAY = date(2026, 11, 23)
Rows = Sequence[Sequence[object]]


def terms(currency: str = "USD", locale: str = "en-US") -> CompanyTerms:
    return CompanyTerms(currency=currency, locale=locale, zone=UTC, today=TODAY)


def table(*rows: Sequence[object], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def understood(
    content: bytes,
    kind: str = "deals",
    *,
    answers: Answers = UNANSWERED,
    currency: str = "USD",
    locale: str = "en-US",
) -> Understanding:
    return understand(content, kind=kind, terms=terms(currency, locale), answers=answers)


def rows_of(
    content: bytes, kind: str = "deals", *, answers: Answers = UNANSWERED, currency: str = "USD"
) -> list[ReadRow]:
    return list(read(content, kind=kind, terms=terms(currency), answers=answers))


def values(
    content: bytes, kind: str = "deals", *, answers: Answers = UNANSWERED, currency: str = "USD"
) -> list[Values]:
    """Of the good rows."""
    rows = rows_of(content, kind, answers=answers, currency=currency)
    return [row.values for row in rows if row.verdict == Verdict.GOOD and row.values]


def reasons(
    content: bytes, kind: str = "deals", *, answers: Answers = UNANSWERED, currency: str = "USD"
) -> list[str]:
    """Of the refused rows."""
    rows = rows_of(content, kind, answers=answers, currency=currency)
    return [row.reason for row in rows if row.verdict == Verdict.REFUSED]


def needed(understanding: Understanding) -> list[str]:
    """The keys of what must be answered."""
    return [question.key for question in understanding.questions if question.is_required]

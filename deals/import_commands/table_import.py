"""Accounts, contacts, revenue and a CRM's history from the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from alignment.models import Company
from alignment.rules.zones import zone_named
from deals.import_commands.command_run import Progress, apply, preview, start_run
from deals.imports.answers import UNANSWERED, Answers, AnswersError
from deals.imports.kinds.rows import ReadRow
from deals.imports.understanding import CompanyTerms, Understanding, read, understand
from deals.models import ImportRow, ImportRun
from deals.tables.checks import MAX_ERRORS
from deals.tables.csv_reader import TableError


@dataclass(frozen=True, slots=True)
class TableReport:
    """What an import of a table read and did."""

    run: ImportRun
    understanding: Understanding
    refused: tuple[str, ...]
    dry_run: bool

    def as_json(self) -> dict[str, Any]:
        counts, applied = self.run.summary["counts"], self.run.summary["applied"]
        return {
            "dry_run": self.dry_run,
            "kind": self.run.kind,
            "source": self.understanding.format_name,
            "columns": {column.role: column.key for column in self.understanding.columns if column.role},
            "unused_columns": [column.key for column in self.understanding.columns if not column.role],
            "notes": list(self.understanding.notes),
            **{verdict: counts.get(verdict, 0) for verdict in ImportRow.Verdict.values},
            "accounts_added": applied.get("account", 0),
            "revenue": self.run.summary["revenue"],
            "refused_rows": list(self.refused),
        }

    def sentences(self) -> list[str]:
        counts = self.run.summary["counts"]
        numbers = (
            f"{counts[verdict]:,} {ImportRow.Verdict(verdict).label.lower()}"
            for verdict in ImportRow.Verdict.values
            if counts.get(verdict)
        )
        lines = [f"Read as {self.understanding.format_name}.", *self.understanding.notes]
        lines.append(f"{self.run.get_kind_display()}: {', '.join(numbers) or 'nothing'}.")
        lines += self.refused[:MAX_ERRORS]
        return [*lines, *(["This was a dry run: nothing was saved."] if self.dry_run else [])]


def import_table(
    content: bytes,
    *,
    kind: str,
    company_slug: str,
    answers: Sequence[str] = (),
    skip_refused: bool = False,
    dry_run: bool = False,
    file_name: str = "",
    now: datetime,
    progress: Progress[ReadRow] = iter,
) -> TableReport:
    """Import a table for the whole company. `answers` are KEY=VALUE, as questions name them.

    Raises TableError, with nothing changed, for every open question, and for refused rows unless they are skipped.
    """
    company = Company.objects.filter(slug=company_slug).first()
    if company is None:
        raise TableError(f"There is no company “{company_slug}”.")
    given = parse_answers(answers)
    zone = zone_named(company.timezone)
    terms = CompanyTerms(
        currency=company.currency, locale="en-US", zone=zone, today=now.astimezone(zone).date()
    )
    understanding = understand(content, kind=kind, terms=terms, answers=given)
    if not understanding.is_ready:
        raise TableError(*open_questions(understanding))
    with transaction.atomic() if dry_run or not skip_refused else nullcontext():
        run = start_run(company, understanding, given, file_name=file_name, now=now)
        preview(run, read(content, kind=kind, terms=terms, answers=given), now=now, progress=progress)
        refused = tuple(refused_reasons(run))
        if refused and not skip_refused:
            raise TableError(*refused[:MAX_ERRORS], "Use --skip-refused to import the other rows.")
        apply(run, now=now)
        if dry_run:
            transaction.set_rollback(True)
    return TableReport(run, understanding, refused, dry_run)


def parse_answers(texts: Sequence[str]) -> Answers:
    answers = UNANSWERED
    for text in texts:
        key, is_answer, value = text.partition("=")
        if not is_answer:
            raise TableError(f"“{text}” is no answer. Example: --answer date_order=day.")
        try:
            answers = answers.with_answer(key, value)
        except AnswersError as error:
            raise TableError(str(error)) from error
    return answers


def open_questions(understanding: Understanding) -> list[str]:
    """Each question that must be answered, with the option that answers it."""
    sentences = []
    for question in understanding.questions:
        if question.is_required:
            values = " or ".join(value for value, _ in question.choices) or "VALUE"
            sentences += [question.sentence, f"Use --answer {question.key}={values}."]
    return sentences


def refused_reasons(run: ImportRun) -> list[str]:
    rows = run.rows.filter(verdict=ImportRow.Verdict.REFUSED).order_by("number")
    return [
        row.reason if row.reason.startswith("Row ") else f"Row {row.number}: {row.reason}" for row in rows
    ]

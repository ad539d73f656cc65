"""Import a file of deals, from its bytes to the database, and report what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import get_decimal_symbol
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from alignment.models import Company
from alignment.rules.formatting import number_of
from deals.import_commands.command_run import Progress, apply, preview, start_run
from deals.import_commands.deal_report import DealFile, Outcome, Report
from deals.import_commands.team_assignment import (
    TeamAssignment,
    assign_by_company,
    assign_by_manager,
    read_teams,
)
from deals.imports.answers import Answers
from deals.imports.kinds.rows import DealRow, ReadRow, Verdict
from deals.imports.questions import Question
from deals.imports.understanding import CompanyTerms, Understanding, read, understand
from deals.tables.cells import month_comes_first
from deals.tables.checks import refuse
from deals.tables.csv_reader import TableError
from deals.tables.files import EXPORTED, Table, read_file
from deals.tables.questions import Answers as TableAnswers
from deals.tables.questions import TableQuestion

MEANINGS = ("won", "lost", "open", "leave-out")


def import_deals(
    content: bytes,
    *,
    company_slug: str,
    teams: bytes | None,
    locale: str,
    now: datetime,
    dry_run: bool,
    stages: Sequence[str] = (),
    won_when_expected: bool = False,
    encoding: str = "",
    worksheet: str = "",
    teams_worksheet: str = "",
    hidden_rows: str = "",
    skip_refused: bool = False,
    file_name: str = "",
    progress: Progress[ReadRow] = iter,
) -> Report:
    """Import a CRM's export. Raises TableError, with nothing changed, for anything wrong or ambiguous.

    `locale` is how the file writes amounts and days; empty: detected. `teams` is a file of who works for
    whom. `stages` say what stages mean ("Signed=won"), `hidden_rows` whether to "read" or "leave-out" those of
    a workbook. With `skip_refused` the good rows are imported although others are wrong. A dry run does everything
    and rolls it back.
    """
    _check_options(company_slug, locale)
    mark, order = _written(locale)
    answers = Answers(
        decimal_mark=mark,
        date_order=order,
        stages=_stages(stages),
        won_when_expected="yes" if won_when_expected else "",
        encoding=encoding,
        worksheet=worksheet,
        hidden=hidden_rows,
    )
    staff = _staff(teams, locale, encoding, TableAnswers(worksheet=teams_worksheet, hidden=hidden_rows))
    managers = read_teams(staff.lines) if teams is not None else None
    with transaction.atomic() if dry_run else nullcontext():
        with transaction.atomic():
            company, is_new = _company(
                company_slug, content, answers, locale=locale, now=now, may_create=managers is not None
            )
            terms = _terms(company.currency, company.timezone, locale, now)
            reading = read_deals(content, terms=terms, answers=answers, skip_refused=skip_refused)
            assignment = _assign_teams(
                reading.rows,
                managers,
                company=company,
                source=reading.understanding.source,
                today=terms.today,
            )
            run = start_run(company, reading.understanding, answers, file_name=file_name, now=now)
        team_of = {key: team.pk for key, team in assignment.team_of.items()}
        preview(run, reading.in_order, now=now, progress=progress, team_of=team_of)
        apply(run, now=now)
        outcome = Outcome.of(run, assignment, reading)
        if dry_run:
            transaction.set_rollback(True)
    notes = (*reading.understanding.notes, *_describe_parts(reading.understanding), *staff.notes)
    return Report(company, is_new, reading, assignment, outcome, dry_run, notes)


def read_deals(
    content: bytes, *, terms: CompanyTerms, answers: Answers, skip_refused: bool = False
) -> DealFile:
    """Every deal of the file. Raises TableError with every question that must be answered, or with the rows that are
    wrong, unless they are to be skipped: nobody can be asked here.
    """
    understanding, answers = _understand_all_parts(content, terms, answers)
    if not understanding.is_ready:
        raise TableError(*_sentences(understanding))
    file, deleted = DealFile(understanding), list[str]()
    for row in read(content, kind="deals", terms=terms, answers=answers):
        file.in_order.append(row)
        if row.verdict == Verdict.REFUSED:
            file.refused.append(row.reason)
        elif row.category == "sum":
            file.sums.append(f"row {row.number}: {', '.join(filter(None, row.cells))}")
        elif isinstance(row.values, DealRow):
            if row.verdict == Verdict.GOOD:
                file.rows.append(row.values)
            else:
                deleted.append(row.values.external_id)
    if not skip_refused:
        refuse(file.refused)
    known = {row.external_id for row in file.rows}
    file.deleted.extend(key for key in deleted if key not in known)
    return file


PARTS = ("pipelines:", "record_types:")
"""Questions that a command answers itself: it reads all of the file, and says so."""
OPTIONS = {
    "decimal_mark": "Use --locale en-US if amounts are written 1,250.50, --locale de-DE if they are written 1.250,50.",
    "date_order": "Use --locale en-US if the month comes first, --locale en-GB if the day does.",
    "stages": "Use --stage NAME=won, --stage NAME=lost or --stage NAME=open, once for each.",
    "hidden": "Use --hidden-rows read or --hidden-rows leave-out.",
    "worksheet": "Use --sheet NAME.",
    "won_when_expected": "Use --won-when-expected to take it.",
}
"""What answers a question at the terminal."""
ELSEWHERE = "Import the file in the browser, where this can be answered."


def _understand_all_parts(
    content: bytes, terms: CompanyTerms, answers: Answers
) -> tuple[Understanding, Answers]:
    """The file with every pipeline and record type of it, and the answers that say so."""
    understanding = understand(content, kind="deals", terms=terms, answers=answers)
    parts = [question.key for question in understanding.questions if question.key.startswith(PARTS)]
    if not parts:
        return understanding, answers
    for key in parts:
        answers = answers.with_answer(key, "read")
    return understand(content, kind="deals", terms=terms, answers=answers), answers


def _sentences(understanding: Understanding) -> list[str]:
    """The questions that must be answered, each with the option that answers it."""
    needed = [question for question in understanding.questions if question.is_required]
    columns = [question for question in needed if question.key.startswith("role:") and not question.rows]
    stages = [question for question in needed if question.key.startswith("stages:")]
    others = [question for question in needed if question not in (*columns, *stages)]
    sentences = _describe_columns(understanding, columns) if columns else []
    for question in others:
        sentences += [question.sentence, OPTIONS.get(question.key, ELSEWHERE)]
    return sentences + (_describe_stages(stages) if stages else [])


def _describe_columns(understanding: Understanding, questions: Sequence[Question]) -> list[str]:
    headers = ", ".join(f"“{column.header}”" for column in understanding.columns if column.header)
    looks = f" It looks like {understanding.format_name}." if understanding.source else ""
    return [
        f"This is not a table of deals in a known format.{looks}",
        f"Columns found: {headers}.",
        *(question.sentence for question in questions),
        ELSEWHERE,
    ]


def _describe_stages(questions: Sequence[Question]) -> list[str]:
    names = ", ".join(f"“{question.key.partition(':')[2]}”" for question in questions)
    mean = "means" if len(questions) == 1 else "mean"
    return [f"The file does not say whether {names} {mean} won, lost or open.", OPTIONS["stages"]]


def _describe_parts(understanding: Understanding) -> Iterator[str]:
    for what, parts in (
        ("pipelines", understanding.pipelines),
        ("record types", understanding.record_types),
    ):
        if len(parts) > 1:
            named = ", ".join(
                f"“{name}” ({number_of(count, 'row')})" for name, count in sorted(parts.items())
            )
            yield (
                f"All {what} were read: {named}. "
                "If some do not belong here, import the file in the browser and leave them out there."
            )


def _staff(teams: bytes | None, locale: str, encoding: str, answers: TableAnswers) -> Table:
    """The file of who works for whom."""
    if teams is None:
        return Table([])
    try:
        return read_file(teams, EXPORTED, locale=locale, encoding=encoding, answers=answers)
    except TableQuestion as question:
        option = "Use --teams-sheet NAME." if question.key == "worksheet" else OPTIONS[question.key]
        raise TableError(*question.sentences, option) from question


def _terms(currency: str, zone: str, locale: str, now: datetime) -> CompanyTerms:
    local = ZoneInfo(zone)
    return CompanyTerms(
        currency=currency, locale=locale or "en-US", zone=local, today=now.astimezone(local).date()
    )


def _written(locale: str) -> tuple[str, str]:
    """The decimal mark and the order of dates."""
    if not locale:
        return "", ""
    mark = get_decimal_symbol(locale.replace("-", "_"))
    return mark if mark in (".", ",") else "", "month" if month_comes_first(locale) else "day"


def _stages(stated: Sequence[str]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for text in stated:
        name, _, meaning = text.rpartition("=")
        if not name or meaning not in MEANINGS:
            raise TableError(f"“{text}” does not say what a stage means. Example: --stage Signed=won.")
        meanings[name] = meaning
    return meanings


def _assign_teams(
    rows: list[DealRow], managers: dict[str, str] | None, *, company: Company, source: str, today: date
) -> TeamAssignment:
    if managers is None:
        return assign_by_company(rows, company=company, source=source)
    return assign_by_manager(rows, managers, company=company, today=today)


def _check_options(company_slug: str, locale: str) -> None:
    try:
        validate_slug(company_slug)
    except ValidationError as error:
        raise TableError(
            f"“{company_slug}” cannot be the short name of a company: use letters, digits and hyphens only."
        ) from error
    try:
        if locale:
            Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise TableError(f"“{locale}” is not a known locale. Examples: en-US, en-GB, de-DE.") from error


def _company(
    slug: str, content: bytes, answers: Answers, *, locale: str, now: datetime, may_create: bool
) -> tuple[Company, bool]:
    """The company, created when missing: in the file's currency if it names one alone, else in dollars."""
    company = Company.objects.filter(slug=slug).first()
    if company:
        return company, False
    if not may_create:
        raise TableError(
            f"There is no company “{slug}” yet. "
            "Use --teams FILE (columns sales_agent and manager) to create it with its teams."
        )
    terms = _terms("USD", "UTC", locale, now)
    currencies = list(understand(content, kind="deals", terms=terms, answers=answers).currencies)
    currency = currencies[0] if len(currencies) == 1 else "USD"
    return Company.objects.create(slug=slug, name=slug.replace("-", " ").title(), currency=currency), True

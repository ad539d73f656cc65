"""From an uploaded file to what was understood of it, and on to the preview once nothing is open."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from deals.import_runs import files
from deals.import_runs.owners import OwnerDirectory, OwnerQuestion
from deals.import_runs.scopes import scope_of, terms_of
from deals.imports.answers import Answers
from deals.imports.understanding import Understanding, headers_key, understand
from deals.models import ImportMapping, ImportRun
from deals.models.imports import ImportKind

OF_ONE_FILE = ("completeness", "header_row", "rates", "separator", "worksheet")
"""Answers that are true of one file and not of the next one with the same headers."""
WITH_OWNERS = (ImportKind.DEALS,)
"""Kinds whose rows belong to a team by their owner."""


def read_file(run: ImportRun, *, now: datetime) -> bool:
    """Understand the file and say so in the run; whether it can be compared at once. Raises TableError."""
    content, terms = files.load(run), terms_of(run, now)
    answers = Answers.from_json(run.answers)
    understanding = understand(content, kind=run.kind, terms=terms, answers=answers)
    contradicted: tuple[str, ...] = ()
    mapping = None if run.is_answered else find_mapping(run, understanding)
    if mapping:
        answers = remembered_answers(mapping, understanding)
        run.choices = {**run.choices, "owners": mapping.answers.get("owners", [])}
        understanding = understand(content, kind=run.kind, terms=terms, answers=answers)
        if contradicted := understanding.contradicted:  # what held for the last file does not for this one
            answers = without_answers(answers, contradicted)
            understanding = understand(content, kind=run.kind, terms=terms, answers=answers)
    if elsewhere := _elsewhere(run, understanding):
        terms = replace(terms, elsewhere=elsewhere)
        understanding = understand(content, kind=run.kind, terms=terms, answers=answers)
    questions = tuple(owner_questions(run, understanding))
    run.answers = answers.to_json()
    run.understanding = as_json(understanding, questions, mapping)
    run.headers_key = key_of(understanding)
    is_clear = understanding.is_ready and not questions and not understanding.worksheets[1:]
    return is_clear and not contradicted and (run.is_answered or run.is_sent or mapping is not None)


def key_of(understanding: Understanding) -> str:
    """Names the set of headers, in a length that is always the same."""
    return hashlib.sha256(headers_key(understanding).encode()).hexdigest()


def find_mapping(run: ImportRun, understanding: Understanding) -> ImportMapping | None:
    """What somebody confirmed about such a table before."""
    mappings = ImportMapping.objects.filter(company=run.company, kind=run.kind)
    return mappings.select_related("confirmed_by").filter(headers_key=key_of(understanding)).first()


def remembered_answers(mapping: ImportMapping, understanding: Understanding) -> Answers:
    """What was said of the last such file, as far as it holds for this one, which was understood without answers.

    Its code page is not that of the last one when all of it is Unicode.
    """
    answers = without_answers(Answers.from_json(mapping.answers.get("file", {})), OF_ONE_FILE)
    is_unicode = understanding.encoding.startswith("utf")
    return without_answers(answers, ("encoding",)) if is_unicode else answers


def without_answers(answers: Answers, names: Collection[str]) -> Answers:
    rest = {name: value for name, value in answers.to_json().items() if name not in names}
    return Answers.from_json(rest)


def remember(run: ImportRun, *, now: datetime) -> None:
    """Propose these answers for the next file with the same headers."""
    file_answers = {name: value for name, value in run.answers.items() if name not in OF_ONE_FILE}
    ImportMapping.objects.update_or_create(
        company=run.company,
        kind=run.kind,
        headers_key=run.headers_key,
        defaults={
            "answers": {"file": file_answers, "owners": run.choices.get("owners", [])},
            "confirmed_by": run.applied_by or run.started_by,
            "confirmed_at": now,
        },
    )


def _elsewhere(run: ImportRun, understanding: Understanding) -> frozenset[str]:
    """Owners whose rows are not of this import, where something is asked that may be for their sake alone."""
    if run.kind not in WITH_OWNERS or not any(question.rows for question in understanding.questions):
        return frozenset()
    return _owners(run, understanding).elsewhere(understanding.owners)


def _owners(run: ImportRun, understanding: Understanding) -> OwnerDirectory:
    return OwnerDirectory(scope_of(run), source=understanding.source, choices=run.owner_choices)


def owner_questions(run: ImportRun, understanding: Understanding) -> Iterable[OwnerQuestion]:
    if run.kind not in WITH_OWNERS:
        return ()
    return _owners(run, understanding).questions(understanding.owners or _nobody(understanding))


def _nobody(understanding: Understanding) -> dict[str, int]:
    """All rows, as those of nobody, where no column says whose they are."""
    roles = {column.role for column in understanding.columns}
    return {} if roles & {"owner", "manager"} else {"": understanding.row_count}


def as_json(
    understanding: Understanding, owners: Iterable[OwnerQuestion], mapping: ImportMapping | None
) -> dict[str, Any]:
    """What was understood as its page shows it, so that no page reads the file."""
    plain = replace(
        understanding, currencies=dict(understanding.currencies), pipelines={}, record_types={}, owners={}
    )
    as_last_time = None
    if mapping:
        name = mapping.confirmed_by.name if mapping.confirmed_by else ""
        as_last_time = {"by": name, "at": mapping.confirmed_at.isoformat()}
    return asdict(plain) | {
        # as pairs: a name that has to be erased is found in values, not in keys
        "pipelines": [*understanding.pipelines.items()],
        "record_types": [*understanding.record_types.items()],
        "owner_questions": [asdict(question) for question in owners],
        "as_last_time": as_last_time,
    }

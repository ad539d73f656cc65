"""What stages mean, what tells deals apart, which of them belong here. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from deals.crm_formats import FORMATS
from deals.imports.doubts.doubt import Doubt, counted, quoted
from deals.imports.kinds.identity import identity_columns
from deals.imports.questions import Question
from deals.rules.stages import stage_key
from deals.tables.cells import quote

MOST_STAGES = 40
"""Stages that are asked about one by one; a column with more is likely not the stage."""
STAGE_CHOICES = (
    ("won", "Won"),
    ("lost", "Lost"),
    ("open", "Open"),
    ("leave-out", "No deal: leave these rows out"),
)
PART_CHOICES = (("read", "Read it"), ("leave-out", "Leave it out"))
COMPLETENESS_CHOICES = (
    ("part", "A part: deals that are not in it stay as they are"),
    ("all", "Everything that is open in the CRM: show me which deals are missing from it"),
)


def about_deals(doubt: Doubt) -> Iterator[Question]:
    yield from _stages(doubt)
    if "external_id" not in doubt.layout.columns | doubt.layout.doubles:
        yield from _identity(doubt)
    if doubt.survey.without_day.count and not doubt.answers.won_when_expected:
        yield _without_day(doubt)
    yield from _parts(doubt, "pipelines", "pipeline", "pipeline")
    yield from _parts(doubt, "record_types", "record_type", "record type")
    if not doubt.answers.completeness:
        yield Question(
            "completeness",
            "Is this everything that is open in the CRM, or a part of it?",
            choices=COMPLETENESS_CHOICES,
            is_required=False,
        )


def _without_day(doubt: Doubt) -> Question:
    named, layout = doubt.survey.without_day, doubt.layout
    header, expected = layout.header_of("won_on", "closed_on", "close_date"), layout.header_of("expected_on")
    problem = f"“{header}” is empty" if header else "no column says when"
    return Question(
        "won_when_expected",
        f"Row {named.rows[0]}: the deal is won, but {problem}, and “{expected}” is not the day it was won. "
        f"This is so in {counted(named)}. Say whether to take that day.",
        quoted(named),
        (("yes", f"Take “{expected}” as the day it was won"), ("no", "Refuse these rows")),
    )


def _stages(doubt: Doubt) -> Iterator[Question]:
    stages = doubt.survey.stages
    if len(stages) > MOST_STAGES:
        role = "status" if "status" in doubt.layout.columns else "stage"
        header = doubt.layout.header_of(role)
        yield Question(
            f"role:{role}",
            f"“{header}” has {len(stages):,} different texts that say nothing of won or lost. Say which column is "
            f"{doubt.layout.kind.roles[role]}.",
            quoted(next(iter(stages.values()))),
            doubt.unread_columns,
        )
        return
    for name, named in sorted(stages.items()):
        yield Question(
            f"stages:{name}",
            f"The file does not say whether “{quote(name)}” ({counted(named)}) means won, lost or open."
            + describe_elsewhere(name),
            quoted(named),
            STAGE_CHOICES,
        )


def _identity(doubt: Doubt) -> Iterator[Question]:
    layout, total = doubt.layout, doubt.survey.row_count
    if identity_columns(layout, doubt.answers.identity):
        return
    choices = []
    for columns, distinct in doubt.survey.distinct.items():
        keys = [layout.keys[at] for at in columns]
        twice = total - distinct
        about = "each row is different" if not twice else "rows that stay equal are refused"
        choices.append(("\n".join(keys), f"{', '.join(keys)}: {about}"))
    yield Question(
        "identity",
        f"No column is {layout.kind.roles['external_id']}. Say which columns tell deals apart, also in the next "
        "export, or add the id to the export.",
        (),
        tuple(choices),
    )


def _parts(doubt: Doubt, name: str, role: str, about: str) -> Iterator[Question]:
    texts: Mapping[str, int] = doubt.survey.texts.get(role, {})
    if len(texts) < 2 or len(texts) > MOST_STAGES:
        return
    for text, count in sorted(texts.items()):
        if text not in getattr(doubt.answers, name):
            are = "row is" if count == 1 else "rows are"
            yield Question(
                f"{name}:{text}",
                f"{count:,} {are} of the {about} “{quote(text)}”. Does it belong here?",
                choices=PART_CHOICES,
            )


@cache
def _meanings() -> dict[str, str]:
    """Stage → won, lost or open in the list of some CRM."""
    return {
        word: meaning
        for meaning in ("open", "lost", "won")
        for crm_format in FORMATS
        for word in getattr(crm_format.stages, meaning)
    }


def describe_elsewhere(stage: str) -> str:
    """What another CRM calls so, as a sentence that follows another; empty where none does."""
    meaning = _meanings().get(stage_key(stage), "")
    return f" Another CRM uses this name for {meaning} deals." if meaning else ""

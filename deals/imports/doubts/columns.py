"""Which column is what, and which are filled once a group. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from deals.crm_formats import UNREAD
from deals.imports.doubts.doubt import Doubt, quoted
from deals.imports.questions import Question


def about_columns(doubt: Doubt) -> Iterator[Question]:
    layout = doubt.layout
    for role, several in layout.doubles.items():
        names = " and ".join(f"“{layout.keys[at]}”" for at in several)
        yield Question(
            f"role:{role}",
            f"Both {names} could be {layout.kind.roles[role]}. Say which one is.",
            quoted(doubt.survey.differing.get(role)),
            tuple((layout.keys[at], layout.keys[at]) for at in several),
        )
    for group in layout.missing:
        if not layout.doubles.keys() & set(group):
            yield Question(f"role:{group[0]}", _describe_missing(doubt, group), (), doubt.unread_columns)
    for at, named in doubt.survey.unnamed.items():
        yield Question(
            f"columns:{layout.keys[at]}",
            f"{layout.keys[at]} has cells but no header. Say what it is; rows with such a cell are refused.",
            quoted(named),
            ((UNREAD, "Do not read it"), *layout.kind.roles.items()),
            is_required=False,
        )


def about_groups(doubt: Doubt) -> Iterator[Question]:
    read = doubt.layout.columns.values()
    columns = [at for at in doubt.survey.groups.possible if at in read]
    if columns and not doubt.answers.groups:
        names = " and ".join(f"“{doubt.layout.keys[at]}”" for at in columns)
        yield Question(
            "groups",
            f"{names}: filled only in the first row of each group. Is that meant for the rows below too?",
            choices=(("fill", "Yes, for all rows of the group"), ("leave", "No, they are empty")),
        )


def _describe_missing(doubt: Doubt, group: tuple[str, ...]) -> str:
    layout, headers = doubt.layout, doubt.layout.format.headers
    roles = [role for role in group if role in headers] or list(group)
    names = " or ".join(layout.kind.roles[role] for role in roles)
    example = next((headers[role][0] for role in roles if role in headers), "")
    such_as = f" (such as “{example}”)" if example else ""
    if layout.format.result_is_in_status and group == ("status",):
        return (
            f"{layout.format.name} says in its status how a deal ended, and no column is {names}{such_as}. Say "
            "which one is, or add it to the export."
        )
    return f"No column is {names}{such_as}. Say which one is."

"""The question before a command that cannot be undone."""

from __future__ import annotations

from django.core.management.base import CommandError


def ask(question: str, *, answer: str = "yes", answered: bool = False, unasked: bool = False) -> None:
    """Raises CommandError unless whoever runs the command types the answer, or gave it before (`--yes`).

    `unasked` says whether to go on where nobody can answer, as in a script.
    """
    if answered:
        return
    try:
        typed = input(f"{question} Type {answer} to go on: ").strip()
    except EOFError as error:
        if unasked:
            return
        raise CommandError("Nothing was changed. Where nobody can answer, add --yes.") from error
    if typed != answer:
        raise CommandError("Nothing was changed.")

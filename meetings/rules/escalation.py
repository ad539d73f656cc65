"""How many meetings missed in a row lead to which step of the escalation. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.rules.formatting import spell_number

STEPS = 3
"""1: the CEO and the leader are notified; 2: company admins too; 3: the team is red until it meets."""


@dataclass(frozen=True, slots=True)
class Policy:
    """After how many meetings missed in a row the admins are notified, and the team is red."""

    admins_told_after: int
    red_after: int

    def step(self, missed: int) -> int:
        """The step that this many misses in a row lead to; 0: none."""
        return sum(missed >= least for least in self._thresholds)

    def in_words(self, step: int) -> str:
        """The sentence of a step's flag, the same on pages and in mails."""
        if step == 1:
            return "The last meeting was missed"
        sentence = describe_misses(self._thresholds[step - 1])
        return f"Red: {sentence}" if step == STEPS else f"{sentence[0].upper()}{sentence[1:]}"

    @property
    def _thresholds(self) -> tuple[int, int, int]:
        return 1, self.admins_told_after, self.red_after


def describe_misses(number: int) -> str:
    """How many meetings were missed in a row, the same on pages and in mails; an excused one does not end the row."""
    return "a meeting was missed" if number == 1 else f"{spell_number(number)} meetings missed in a row"

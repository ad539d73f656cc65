"""How an agreement stands: compared on reading with what it rests on and with who sits there now."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.agreements.subjects import AgreementSubject, Facts
from alignment.models import Agreement, Team
from alignment.rules.roles import NAMES, Role


@dataclass(frozen=True, slots=True)
class Standing:
    former: str
    """Whose yes is that of a former holder of the seat: "CEO"; empty otherwise."""
    changes: tuple[str, ...]
    """What was changed since it was proposed, in sentences."""

    @property
    def still_holds(self) -> bool:
        return not self.former and not self.changes


def standing_of(agreement: Agreement, team: Team, subject: AgreementSubject, facts: Facts) -> Standing:
    """Of a line that is proposed or agreed. `facts` are those of now, as its subject reads them."""
    side = agreement.former_yes(team.holder(Role.CEO), team.holder(Role.LEADER))
    return Standing(NAMES[Role(side)] if side else "", subject.changes(agreement.facts, facts))

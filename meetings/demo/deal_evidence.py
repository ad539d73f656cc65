"""Why the committed big deals of the demo will close: said before the last meeting, but for the one that slipped."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from deals.committed.evidence import give_evidence
from deals.models import CommittedDeal, Deal
from deals.rules.evidence import EvidenceKind
from meetings.demo.world import World

FACTS = (
    (EvidenceKind.BUDGET, EvidenceKind.CALENDAR),
    (EvidenceKind.DECIDED, EvidenceKind.PAPER),
    (EvidenceKind.CALENDAR,),
)
BEFORE_THE_MEETING = timedelta(days=3)


def explain_commits(world: World, *, unsaid: int) -> None:
    """For all but the first few, which still wait for an answer."""
    team = world.team
    said_at = world.timeline.fresh_from - BEFORE_THE_MEETING
    rows = CommittedDeal.objects.standing().filter(
        team=team,
        committed_at__lt=said_at,
        amount__gte=team.big_deal_from,
        deal__status=Deal.Status.OPEN,
        deal__close_date__gte=world.timeline.today,
        deal__close_date__lte=F("period_end"),
    )
    for number, row in enumerate(rows.order_by("pk")[unsaid:]):
        give_evidence(
            row,
            FACTS[number % len(FACTS)],
            day=team.today(said_at),
            contact=None,
            words="",
            by=world.leader_at(said_at),
            now=said_at,
        )

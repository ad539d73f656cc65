"""Why committed deals will close: given, taken back, and asked for by the CEO."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter

from django.db import transaction

from alignment.models import Team, User
from deals.models import CommittedDeal, Contact, Evidence, EvidenceRequest
from deals.rules.evidence import FACTS, EvidenceKind, is_fresh


def fresh_answers(rows: Iterable[CommittedDeal], team: Team, slip: date | None) -> list[Evidence]:
    """Answers on the rows of an open deal that were given since it last slipped, the oldest first."""
    given = (answer for row in rows for answer in row.evidence.all())
    return sorted((row for row in given if is_fresh(team.today(row.at), slip)), key=attrgetter("at"))


@transaction.atomic
def give_evidence(
    committed: CommittedDeal,
    kinds: Iterable[EvidenceKind],
    *,
    day: date,
    contact: Contact | None,
    words: str,
    by: User,
    now: datetime,
) -> None:
    """Each kind once: given again it has the new day. A fact replaces “None yet”."""
    rows = [
        Evidence(committed=committed, kind=kind, day=day, contact=contact, words=words, at=now, by=by)
        for kind in kinds
    ]
    if any(row.kind in FACTS for row in rows):
        committed.evidence.filter(kind=EvidenceKind.NONE_YET).delete()
    Evidence.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("committed", "kind"),
        update_fields=("day", "contact", "words", "at", "by"),
    )
    Team.objects.bump_revision(committed.team_id)


@transaction.atomic
def remove_evidence(evidence: Evidence) -> None:
    Evidence.objects.filter(pk=evidence.pk).delete()
    Team.objects.bump_revision(evidence.committed.team_id)


@transaction.atomic
def request_evidence(committed: CommittedDeal, *, by: User, now: datetime) -> None:
    """The CEO wants to know why it will close. Asked again, it is asked anew; a second click changes nothing."""
    request, is_new = EvidenceRequest.objects.get_or_create(
        committed=committed, defaults={"at": now, "by": by}
    )
    if not is_new and committed.evidence.filter(at__gte=request.at).exists():
        EvidenceRequest.objects.filter(pk=request.pk).update(at=now, by=by)
    Team.objects.bump_revision(committed.team_id)

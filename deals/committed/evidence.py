"""Why committed deals will close: given, taken back, asked for by the CEO, and demanded after the third push."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from operator import attrgetter

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from alignment.models import Team, User
from deals.committed.queries import changes_of
from deals.models import CommittedDeal, Contact, Deal, Evidence, EvidenceRequest
from deals.rules.changes import Change
from deals.rules.evidence import FACTS, EvidenceKind, is_fresh, last_slip
from deals.rules.slips import PUSHES_UNTIL_UNRELIABLE, pushes

NO_REASON = "a reason for the last push"
NO_FACT = "one fact why it will close"


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


def missing_for_commit(deal: Deal, *, today: date) -> tuple[str, ...]:
    """What a deal needs to stay in the commit, from its third push on: a reason for the last push, and one fact why it
    will close, given since it last slipped. Empty when nothing is missing; parts of a sentence otherwise.
    """
    return missing_for_commits([deal.pk], deal.team, today=today)[deal.pk]


def missing_for_commits(pks: Collection[int], team: Team, *, today: date) -> dict[int, tuple[str, ...]]:
    """The same for several deals of a team by their numbers, in three queries. The fact is only asked of deals that
    were committed before: there is no other place to state it.
    """
    changes = changes_of(pks, "status", "close_date")
    ends: dict[int, list[date]] = defaultdict(list)
    committed = CommittedDeal.objects.filter(_is_of("deal", pks), team=team)
    for pk, end in committed.annotate(of=_followed("deal")).values_list("of", "period_end"):
        ends[pk].append(end)
    facts: dict[int, list[date]] = defaultdict(list)
    given = Evidence.objects.filter(_is_of("committed__deal", pks), committed__team=team, kind__in=FACTS)
    for pk, at in given.annotate(of=_followed("committed__deal")).values_list("of", "at"):
        facts[pk].append(team.today(at))
    return {pk: _missing(pk, changes, ends, facts, team, today) for pk in pks}


def _is_of(path: str, pks: Collection[int]) -> Q:
    """Rows of these deals, and of those that were merged into them."""
    return Q(**{f"{path}__in": pks}) | Q(**{f"{path}__merged_into__in": pks})


def _followed(path: str) -> Coalesce:
    """The deal that counts: the one that it was merged into, else itself."""
    return Coalesce(f"{path}__merged_into", path)


def _missing(
    pk: int,
    changes: Mapping[int, Iterable[Change]],
    ends: Mapping[int, list[date]],
    facts: Mapping[int, list[date]],
    team: Team,
    today: date,
) -> tuple[str, ...]:
    moves = pushes(changes.get(pk, ()), first_month=team.company.fiscal_year_start)
    counted = [push for push in moves if push.counts]
    if len(counted) < PUSHES_UNTIL_UNRELIABLE:
        return ()
    missing = [] if counted[-1].reason else [NO_REASON]
    slip = last_slip(ends.get(pk, ()), today=today)
    if pk in ends and not any(is_fresh(day, slip) for day in facts.get(pk, ())):
        missing.append(NO_FACT)
    return tuple(missing)

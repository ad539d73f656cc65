"""Deals that may be the same as one: proposed to a person, never merged by themselves."""

from __future__ import annotations

from django.db.models import Q

from alignment.db.search_keys import contains
from deals.models import Deal
from deals.models.deals import DealQuerySet
from deals.rules.identity import deal_key, spellings

MOST_PROPOSED = 3
MOST_FOUND = 20


def candidates_of(deal: Deal) -> list[Deal]:
    """Of the same team: with the same id, written in another way or known from no CRM by name; or with the same name
    and account where at most one of the two comes from this CRM. Two ids of one CRM are two deals.
    """
    alike = Q(pk__in=())
    if deal.external_id:
        key = deal_key(deal.external_id, source=deal.source)
        alike |= Q(company=deal.company_id, external_id__in=spellings(key, source=deal.source))
    if deal.account_id:
        named = Q(account=deal.account_id, name_key=deal.name_key)
        alike |= named & (~Q(source=deal.source) | Q(external_id="")) if deal.external_id else named
    return list(_others(deal).filter(alike)[:MOST_PROPOSED])


def find_deals(deal: Deal, words: str) -> list[Deal]:
    """Of the same team, by part of the name or the account."""
    rows = _others(deal).filter(contains(words, "name_key", "account__name_key"))
    return list(rows[:MOST_FOUND])


def _others(deal: Deal) -> DealQuerySet:
    rows = Deal.objects.filter(team=deal.team_id, merged_into=None).exclude(pk=deal.pk)
    return rows.exclude(status=Deal.Status.WITHDRAWN).select_related("account", "rep")

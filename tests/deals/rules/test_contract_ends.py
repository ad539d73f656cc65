"""Which contracts end soon without a renewal: the rule and its SQL over the same rows."""

from datetime import timedelta

import pytest

from deals.models import Deal
from deals.rules.contract_ends import ends_unrenewed
from tests.factories import TODAY, make_account, make_deal

DAY = timedelta(days=1)
CASES = [
    # ends in days, an open renewal, another contract won there ends in days, listed
    (0, False, None, True),
    (120, False, None, True),
    (121, False, None, False),
    (-1, False, None, False),
    (None, False, None, False),
    (30, True, None, False),
    (30, False, 395, False),
    (30, False, 30, True),
    (30, False, 10, True),
]


@pytest.mark.parametrize(("days", "renewal", "other", "listed"), CASES)
def test_the_rule(days, renewal, other, listed):
    ends = None if days is None else TODAY + days * DAY
    followed = None if other is None else TODAY + other * DAY
    assert ends_unrenewed(ends, today=TODAY, has_open_renewal=renewal, followed_by=followed) is listed


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "renewal", "other", "listed"), CASES)
def test_the_same_in_sql(cast, days, renewal, other, listed):
    usual = {"team": cast.north, "account": make_account(company=cast.company)}
    ends = None if days is None else TODAY + days * DAY
    deal = make_deal(status="won", contract_end=ends, **usual)
    if renewal:
        make_deal(deal_type="renewal", **usual)
    if other is not None:
        make_deal(status="won", contract_end=TODAY + other * DAY, **usual)
    ending = Deal.objects.ending_unrenewed({TODAY: [cast.north.pk]})
    assert ending.filter(pk=deal.pk).exists() is listed

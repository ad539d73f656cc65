"""The quarter on one page: what is on it, who reads what, and how it reads when something is missing."""

import pytest

from tests.factories import NOW

pytestmark = pytest.mark.time_machine(NOW)


def test_smoke(cast, as_, django_assert_max_num_queries):
    for who in ("ceo", "observer"):
        c = as_(getattr(cast, who))
        c.get("/teams/north/quarter/")
        with django_assert_max_num_queries(3) as q:
            r = c.get("/teams/north/quarter/")
        assert r.status_code == 200

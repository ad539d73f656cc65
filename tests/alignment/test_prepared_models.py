"""Objects from a query whose SQL is made once are the objects that the queryset gives."""

import pytest
from django.db.models import QuerySet

from alignment.models import Team, User
from alignment.prepared_models import PreparedModels
from tests.cast import Cast


def _visible(*, user: int, least: int) -> QuerySet[Team]:
    return Team.objects.visible_to(User(pk=user)).filter(pk__gte=least).select_related("company")


@pytest.fixture
def prepared() -> PreparedModels[Team]:
    return PreparedModels(_visible, user=int, least=int)


def test_each_reader_gets_their_own_rows(cast: Cast, prepared: PreparedModels[Team]) -> None:
    for user in (cast.ceo, cast.leader, cast.admin, cast.outsider):
        assert prepared.objects(user=user.pk, least=0) == list(_visible(user=user.pk, least=0))


def test_related_objects_come_along(
    cast: Cast, prepared: PreparedModels[Team], django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = prepared.objects(user=cast.leader.pk, least=cast.north.pk)
        assert [(team.name, team.company.name) for team in found] == [("North", "Demo")]


def test_every_value_counts(cast: Cast, prepared: PreparedModels[Team]) -> None:
    assert prepared.objects(user=cast.leader.pk, least=cast.north.pk + 1) == []


def test_what_comes_out_can_be_saved(cast: Cast, prepared: PreparedModels[Team]) -> None:
    team = prepared.objects(user=cast.leader.pk, least=0)[0]
    team.name = "North Sea"
    team.save(update_fields=["name"])
    assert Team.objects.get(pk=team.pk).name == "North Sea"

"""An export with decisions on initiatives is imported beside the company it was made of."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from alignment.exports.importer import import_company
from alignment.exports.manifest import WHOLE
from alignment.exports.reader import open_export
from alignment.exports.writer import write_export
from alignment.models import Agreement
from meetings.models import Initiative
from meetings.registry.data_checks import decisions_are_the_last_on_their_initiative
from tests.cast import Cast
from tests.factories import NOW, make_initiative


@pytest.mark.django_db
def test_decisions_come_with_their_initiatives_and_are_followed_by_others(cast: Cast, tmp_path: Path) -> None:
    for approval in ("", "agreed", "not_yet", "changed"):
        make_initiative(
            team=cast.north,
            title=f"Plan {approval}",
            approval=approval,
            approval_why="Too slow" if approval == "not_yet" else "",
        )
    write_export(cast.company, tmp_path / "whole.zip", contents=WHOLE, now=NOW)
    with open_export(tmp_path / "whole.zip") as archive:
        company = import_company(archive, now=NOW).company
    plans = {plan.title: plan for plan in Initiative.objects.filter(team__company=company)}
    assert {title: plan.approval.value for title, plan in plans.items()} == {
        "Plan ": "",
        "Plan agreed": "agreed",
        "Plan not_yet": "not_yet",
        "Plan changed": "changed",
    }
    assert list(decisions_are_the_last_on_their_initiative(NOW)) == []
    plans["Plan agreed"].decide("not_yet", by=cast.ceo, now=NOW + timedelta(hours=1), why="Too dear")
    decisions = Agreement.objects.filter(team__company=company, key=plans["Plan agreed"].token.hex)
    assert list(decisions.order_by("number").values_list("state", flat=True)) == ["replaced", "declined"]
    assert Initiative.objects.get(team=cast.north, title="Plan agreed").approval == "agreed"


@pytest.mark.django_db
@pytest.mark.parametrize("spoiled", ["forgotten", "older", "other team"])
def test_check_data_names_a_decision_that_is_not_the_last(cast: Cast, spoiled: str) -> None:
    plan = make_initiative(team=cast.north)
    for approval in ("agreed", "not_yet"):
        plan.decide(approval, by=cast.ceo, now=NOW, why="Why")
    assert list(decisions_are_the_last_on_their_initiative(NOW)) == []
    if spoiled == "other team":
        Agreement.objects.update(team=cast.south)
    else:
        first = Agreement.objects.get(number=1)
        Initiative.objects.update(decision=None if spoiled == "forgotten" else first)
    [sentence] = decisions_are_the_last_on_their_initiative(NOW)
    assert sentence.startswith(f"Initiative {plan.pk} ")

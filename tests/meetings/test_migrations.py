"""What the migrations of meetings fill in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.migrations import LANDED, migrate, newest

BEFORE = ("meetings", "0006_last_closed_meetings_from_an_index")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_a_submitted_preparation_was_due_the_team_s_hours_before() -> None:
    try:
        then = migrate(BEFORE)
        company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
        team = then.get_model("alignment.Team").objects.create(
            company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=NOW.date()
        )
        meetings = then.get_model("meetings.Meeting").objects
        for ahead, given in (
            (0, {"handed_in_at": NOW - 20 * HOUR}),
            (24, {"handed_in_at": NOW - 20 * HOUR, "due_at_hand_in": NOW - HOUR}),
            (48, {}),
        ):
            at = NOW + ahead * HOUR
            meetings.create(team=team, planned_start=at, starts_at=at, **given)
    finally:
        now = migrate(*newest())
    due = now.get_model("meetings.Meeting").objects.order_by("starts_at").values_list("due_when_submitted")
    assert [value for (value,) in due] == [NOW - team.preparation_hours * HOUR, NOW - HOUR, None]


MEASURED = ("title", "measure", "unit", "baseline", "target", "current")


def make_initiatives(then: Any) -> None:
    """With points and a current value, with points no longer known, with a value that has no point, with nothing."""
    company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
    team = then.get_model("alignment.Team").objects.create(
        company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=NOW.date()
    )
    usual = {"team": team, "created_at": NOW - 9 * HOUR, "changed_at": NOW}
    initiatives = then.get_model("meetings.Initiative").objects
    figures = {"measure": "Days to a quote", "unit": "days", "baseline": 11, "target": 4}
    quotes = initiatives.create(title="Quotes", current=7, **figures, **usual)
    unknown = initiatives.create(title="Unknown", current=None, measure="Visits", **usual)
    initiatives.create(title="Typed", current=3, measure="Partners", baseline=0, target=5, **usual)
    initiatives.create(title="Bare", **usual)
    points = then.get_model("meetings.InitiativePoint").objects
    for initiative, values in ((quotes, (11, 9, 7)), (unknown, (2, 5))):
        for hours, value in enumerate(values):
            points.create(initiative_id=initiative.pk, at=NOW - (8 - hours) * HOUR, value=value)


def initiatives_of(then: Any) -> list[tuple[Any, ...]]:
    rows = then.get_model("meetings.Initiative").objects.order_by("pk").prefetch_related("points")
    return [
        (
            *(getattr(row, name) for name in MEASURED),
            [(point.at, point.value) for point in row.points.order_by("at")],
        )
        for row in rows
    ]


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_what_initiatives_are_measured_by_moves_to_measures_and_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        then = migrate(*LANDED)
        make_initiatives(then)
        before = initiatives_of(then)
        capsys.readouterr()
        now = migrate(*newest())
        assert "2 current values had no point of their own; each became one." in capsys.readouterr().out
        measures = {
            measure.initiative.title: measure
            for measure in now.get_model("meetings.Measure").objects.select_related("initiative")
        }
        quotes = measures["Quotes"]
        assert (quotes.name, quotes.unit, quotes.baseline, quotes.target, quotes.direction) == (
            "Days to a quote",
            "days",
            11,
            4,
            "down",
        )
        assert quotes.search_key == "days to a quote"
        values = {
            title: list(measure.points.order_by("at").values_list("value", flat=True))
            for title, measure in measures.items()
        }
        assert values == {"Quotes": [11, 9, 7], "Unknown": [2, 5, None], "Typed": [3], "Bare": []}
        assert measures["Unknown"].points.get(value=None).at == NOW
        then = migrate(*LANDED)
        after = initiatives_of(then)
        keys = (
            then.get_model("meetings.Initiative").objects.order_by("pk").values_list("search_key", flat=True)
        )
        found_by = list(keys)
    finally:
        migrate(*newest())
    assert "days to a quote" in found_by[0], "it is found by its measure’s name again"
    assert [row[:-1] for row in after] == [row[:-1] for row in before]
    assert [row[-1] for row in after] == [
        before[0][-1],
        before[1][-1],
        [(NOW, 3)],  # the value that had no point has one now
        [],
    ]


DECISIONS_BEFORE = ("meetings", "0012_initiatives_hold_no_measure_of_their_own")
DECISIONS_AFTER = ("meetings", "0052_initiatives_hold_no_approval_of_their_own")
APPROVAL = ("title", "approval", "approval_why", "approval_at", "approval_by_id")


def make_approvals(then: Any) -> int:
    """Never asked, approved with a comment, sent back, both changed since, by somebody who is gone. Answers the CEO."""
    company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
    team = then.get_model("alignment.Team").objects.create(
        company=company, name="East", slug="east", timezone="Europe/Paris", starts_on=NOW.date()
    )
    ceo, leader = (
        then.get_model("alignment.User").objects.create(email=f"{role}@ours.test")
        for role in ("ceo", "leader")
    )
    then.get_model("alignment.Seat").objects.create(
        team=team, user=leader, role="leader", since=NOW.date() - 9 * HOUR
    )
    for title, approval, why, by in (
        ("Never", "", "", None),
        ("Approved", "agreed", "Good", ceo),
        ("Sent back", "not_yet", "Too dear", ceo),
        ("Approved, changed", "changed", "", ceo),
        ("Sent back, changed", "changed", "Too dear", ceo),
        ("By nobody", "agreed", "", None),
        ("No by nobody", "not_yet", "Too dear", None),
    ):
        initiative = then.get_model("meetings.Initiative").objects.create(
            team=team,
            title=title,
            approval=approval,
            approval_why=why,
            approval_at=NOW - HOUR if approval else None,
            approval_by=by,
            created_at=NOW - 9 * HOUR,
            changed_at=NOW,
        )
        if title == "Approved":
            then.get_model("meetings.Measure").objects.create(
                team=team, initiative=initiative, name="Quotes", target=4, created_at=NOW
            )
    return int(ceo.pk)


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_approvals_become_agreements_and_come_back() -> None:
    try:
        then = migrate(DECISIONS_BEFORE)
        ceo = make_approvals(then)
        before = list(then.get_model("meetings.Initiative").objects.order_by("pk").values_list(*APPROVAL))
        now = migrate(DECISIONS_AFTER)
        plans = {
            plan.title: plan
            for plan in now.get_model("meetings.Initiative").objects.select_related("decision")
        }
        assert plans["Never"].decision is None
        approved, sent_back = plans["Approved"].decision, plans["Sent back"].decision
        assert (approved.state, approved.ceo_id, approved.ceo_at) == ("agreed", ceo, NOW - HOUR)
        assert (approved.why, approved.key) == ("Good", plans["Approved"].token.hex)
        assert (approved.content["title"], approved.content["target"]) == ("Approved", "4.00")
        assert (sent_back.state, sent_back.closed_by_id, sent_back.why) == ("declined", ceo, "Too dear")
        assert plans["By nobody"].decision.ceo_id is None
        assert {title: plan.plan_number for title, plan in plans.items() if plan.plan_number != 1} == {
            "Approved, changed": 2,
            "Sent back, changed": 2,
        }
        assert plans["Sent back, changed"].decision.state == "declined"
        assert plans["Approved, changed"].decision.content == {}
        back = migrate(DECISIONS_BEFORE)
        rows = back.get_model("meetings.Initiative").objects.order_by("pk")
        assert list(rows.values_list(*APPROVAL)) == before
    finally:
        migrate(*newest())

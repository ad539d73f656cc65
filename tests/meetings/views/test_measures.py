"""The page of leading measures: agreed, counted, typed, off, raised, ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import User
from deals.models import DealChange
from meetings.agenda.build import build
from meetings.models import Issue, Measure, MeasurePoint
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_deal, make_measure, make_meeting, make_point, make_rep
from tests.html import visible_lines

HERE = "/teams/north/measures/"
SENT = {"counted": "typed", "name": "First meetings", "direction": "up", "target": "5"}
As = Callable[[User], Client]
MONDAY = TODAY  # of the week that runs


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(client: Client, path: str = HERE) -> str:
    return " ".join(visible_lines(client.get(path).content.decode()))


def weeks_ago(weeks: int) -> date:
    return MONDAY - timedelta(weeks=weeks)


def make_off(measure: Measure) -> None:
    for weeks, value in ((1, 2), (2, 3), (3, 1), (4, 9)):
        make_point(measure=measure, period=weeks_ago(weeks), value=value)


def test_a_typed_measure_is_agreed_on_and_everybody_on_the_team_reads_it(cast: Cast, as_: As) -> None:
    assert "No measures yet." in text(as_(cast.observer))
    assert as_(cast.leader).post(f"{HERE}new/", SENT).url == HERE
    assert "First meetings Target: at least 5 a week. Typed in each week." in text(as_(cast.observer))


def test_new_deals_are_counted_by_the_day_they_were_opened(cast: Cast, as_: As) -> None:
    make_measure(team=cast.north, source="new_deals", name="New deals", target=2)
    make_deal(team=cast.north, opened_on=weeks_ago(1))
    make_deal(team=cast.north, opened_on=weeks_ago(1) + timedelta(days=6))
    make_deal(team=cast.north, opened_on=weeks_ago(2), status="withdrawn")
    make_deal(team=cast.north, opened_on=None, created_at=NOW - timedelta(days=14))
    make_deal(team=cast.south, opened_on=weeks_ago(1))
    page = as_(cast.ceo).get(HERE).context["page"]
    values = {cell.begins: (cell.value, cell.mark) for cell in page.lines[0].cells}
    assert values[weeks_ago(1)] == ("2", "on")
    assert values[weeks_ago(2)] == ("1", "off")
    assert values[weeks_ago(3)] == ("0", "off")
    assert values[MONDAY] == ("0", "so far")


def test_deals_that_entered_a_stage_count_once_in_the_week_they_first_did(cast: Cast, as_: As) -> None:
    make_measure(team=cast.north, source="stage", stage="Proposal", name="Proposals", target=1)
    deal = make_deal(team=cast.north, name="Orbis", stage="Proposal")
    make_deal(team=cast.north, stage="Proposal")  # it was there when it was first seen
    for day, old, new in (
        (weeks_ago(3), "Lead", "Proposal"),
        (weeks_ago(2), "Proposal", "Lead"),
        (weeks_ago(1), "Lead", "Proposal"),
    ):
        DealChange.objects.create(deal=deal, field="stage", old=old, new=new, day=day, at=NOW)
    client = as_(cast.ceo)
    line = client.get(HERE).context["page"].lines[0]
    assert [cell.value for cell in line.cells[-4:]] == ["1", "0", "0", "0"]
    assert "Orbis" in text(client, f"/measures/{line.measure.pk}/")


def test_each_count_opens_the_deals_behind_it(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, source="new_deals", target=2)
    for weeks in (0, 1, 1, 5, 12, 13):
        make_deal(team=cast.north, opened_on=weeks_ago(weeks) + timedelta(days=0 if weeks == 0 else 3))
    client = as_(cast.observer)
    line = client.get(HERE).context["page"].lines[0]
    counted = {cell.begins: cell.value for cell in line.cells}
    rows = client.get(f"/measures/{measure.pk}/").context["page"].rows
    assert len(rows) == len(counted) == 13
    assert {row.anchor: str(len(row.deals)) for row in rows} == {
        f"week-{monday}": value for monday, value in counted.items()
    }


def test_a_sixth_is_refused_with_a_sentence(cast: Cast, as_: As) -> None:
    for _ in range(5):
        make_measure(team=cast.north)
    client = as_(cast.leader)
    assert "Add a measure" not in text(client)
    answer = client.post(f"{HERE}new/", SENT)
    assert answer.status_code == 422
    assert "at most 5 leading measures" in answer.content.decode()
    assert "First meetings" in answer.content.decode()
    assert Measure.objects.count() == 5
    ended = Measure.objects.get(position=2)
    client.post(f"/measures/{ended.pk}/end/")
    assert client.post(f"{HERE}new/", SENT).status_code == 302
    assert Measure.objects.get(name="First meetings").position == 2


def test_two_clicks_add_one(cast: Cast, as_: As) -> None:
    sent = SENT | {"token": "6f6a1c1e-3a52-4a0e-9a4e-0f3f1c0b7d11"}
    for _ in range(2):
        assert as_(cast.leader).post(f"{HERE}new/", sent).status_code == 302
    assert Measure.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"target": ""}, "Enter the target for a week."),
        ({"target": "1e99"}, "number"),
        ({"target": "9" * 17}, "number"),
        ({"name": ""}, "Enter what is measured."),
        ({"counted": ""}, "Choose what is counted."),
        ({"counted": "stage:Nowhere"}, "Choose one of the list."),
        ({"direction": "sideways"}, "sideways"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, as_: As, changed: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.leader).post(f"{HERE}new/", SENT | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Measure.objects.exists()


def test_a_stage_gives_its_name_where_none_is_entered(cast: Cast, as_: As) -> None:
    make_deal(team=cast.north, stage="Offer sent")
    sent = SENT | {"counted": "stage:Offer sent", "name": ""}
    assert as_(cast.leader).post(f"{HERE}new/", sent).status_code == 302
    measure = Measure.objects.get()
    assert (measure.name, measure.source, measure.stage) == ("Offer sent", "stage", "Offer sent")


def test_fewer_than_two_counted_ones_are_asked_about(cast: Cast, as_: As) -> None:
    make_measure(team=cast.north)
    client = as_(cast.ceo)
    assert "None of these is counted from the deals." in text(client)
    make_measure(team=cast.north, source="new_deals")
    assert "Only one of these is counted from the deals." in text(client)
    make_measure(team=cast.north, source="stage", stage="Proposal")
    assert "counted from the deals. Agree" not in text(client)


def test_a_value_is_entered_corrected_and_taken_away(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Visits")
    client, path = as_(cast.delegate), f"/measures/{measure.pk}/value/"
    assert "Enter the week of 16 Nov" in text(client)
    client.post(path, {"value": "4", "before": ""})
    assert measure.points.get().period == weeks_ago(1)
    assert "Enter the week of" not in text(client)
    client.post(path, {"value": "6.5", "before": "4"})
    assert measure.points.get().value == Decimal("6.5")
    client.post(path, {"value": "", "before": "6.5"})
    assert not measure.points.exists()
    client.post(path, {"week": f"{weeks_ago(12)}", "value": "1"})
    assert measure.points.get().period == weeks_ago(12)


def test_a_value_typed_over_somebody_elses_is_shown_beside_it_first(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north)
    make_point(measure=measure, period=weeks_ago(1), value=7)
    client, path = as_(cast.leader), f"/measures/{measure.pk}/value/"
    answer = client.post(path, {"value": "4", "before": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone entered 7 in the meantime, so nothing was changed." in page
    assert measure.points.get().value == 7
    before = re.search(r'name="before" value="([^"]*)"', page)
    assert before and re.search(r'name="value" value="4"', page)
    assert client.post(path, {"value": "4", "before": before[1]}).status_code == 302
    assert measure.points.get().value == 4


@pytest.mark.parametrize("week", ["x", "2026-11-24", "2026-08-24", "2026-11-30", "9999-99-99"])
def test_no_other_week_is_entered(cast: Cast, as_: As, week: str) -> None:
    measure = make_measure(team=cast.north)
    answer = as_(cast.leader).post(f"/measures/{measure.pk}/value/", {"week": week, "value": "4"})
    assert answer.status_code == 404
    assert not MeasurePoint.objects.exists()


@pytest.mark.parametrize(("unit", "status"), [("", 422), ("%", 302)])
def test_a_count_is_not_below_zero(cast: Cast, as_: As, unit: str, status: int) -> None:
    measure = make_measure(team=cast.north, unit=unit)
    answer = as_(cast.leader).post(f"/measures/{measure.pk}/value/", {"value": "-4"})
    assert answer.status_code == status
    assert measure.points.exists() is (status == 302)


def test_what_is_counted_is_not_typed(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, source="new_deals")
    assert as_(cast.leader).post(f"/measures/{measure.pk}/value/", {"value": "4"}).status_code == 404


def test_off_is_marked_by_a_word_and_raised_once(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Visits")
    make_off(measure)
    client = as_(cast.ceo)
    assert "Off target in 3 of the last 4 weeks." in text(client)
    assert text(client).count(" off ") >= 3
    for _ in range(2):
        assert client.post(f"/measures/{measure.pk}/raise/").url == HERE
    issue = Issue.objects.get()
    assert (issue.title, issue.side) == ("Visits was off target in 3 of 4 weeks", "ceo")
    assert issue.detail == ("Target: at least 5 a week. Weeks off: 2 Nov: 1, 9 Nov: 3, 16 Nov: 2.")
    assert "Raise as issue" not in text(client)
    assert "Raised as an issue" in text(client)


def test_the_agenda_tells_of_it_until_it_is_raised(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Visits")
    make_off(measure)
    make_measure(team=cast.north, name="Calls")
    meeting = make_meeting(team=cast.north, starts_at=NOW + timedelta(hours=1))
    lines = build(meeting, cast.ceo, NOW).issues.lines
    assert [(line.text, line.path, line.age) for line in lines] == [
        ("Visits: off target in three of four weeks", HERE, 3)
    ]
    as_(cast.ceo).post(f"/measures/{measure.pk}/raise/")
    assert build(meeting, cast.ceo, NOW).issues.lines == ()


def test_a_resolved_issue_is_not_raised_again_for_the_same_weeks(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north)
    make_off(measure)
    client = as_(cast.leader)
    client.post(f"/measures/{measure.pk}/raise/")
    Issue.objects.get().solve(by=cast.leader, now=NOW, resolution="More calls")
    assert "Raise as issue" not in text(client)
    client.post(f"/measures/{measure.pk}/raise/")
    assert Issue.objects.count() == 1


def test_a_measure_on_target_is_not_raised(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north)
    assert as_(cast.leader).post(f"/measures/{measure.pk}/raise/", follow=True).status_code == 200
    assert not Issue.objects.exists()


def test_an_ended_one_leaves_the_list_and_keeps_its_values(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Visits")
    make_point(measure=measure, period=weeks_ago(1), value=7)
    client = as_(cast.leader)
    assert "Its values stay" in text(client, f"/measures/{measure.pk}/end/")
    client.post(f"/measures/{measure.pk}/end/")
    client.post(f"/measures/{measure.pk}/end/")
    assert "Visits, ended 23 Nov" in text(client)
    assert "16 Nov to 22 Nov" in text(as_(cast.observer), f"/measures/{measure.pk}/")


def test_a_stale_edit_is_shown_beside_the_other(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Visits")
    client, path = as_(cast.leader), f"/measures/{measure.pk}/edit/"
    client.post(path, {"version": "1", "target": "6"})
    answer = client.post(path, {"version": "1", "target": "8"})
    assert answer.status_code == 409
    measure.refresh_from_db()
    assert measure.target == 6


def test_only_the_leaders_side_changes_measures(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north)
    for path in (f"{HERE}new/", *(f"/measures/{measure.pk}/{act}/" for act in ("edit", "value", "end"))):
        assert as_(cast.ceo).get(path).status_code == 403
        assert as_(cast.outsider).get(path).status_code == 404
    assert as_(cast.observer).post(f"/measures/{measure.pk}/raise/").status_code == 403


@pytest.mark.parametrize("number", [1, 5])
def test_it_takes_the_same_queries_with_one_and_with_fifty(cast: Cast, as_: As, number: int) -> None:
    for _ in range(number):
        measure = make_measure(team=cast.north, rep=make_rep(team=cast.north))
        for weeks in range(12):
            make_point(measure=measure, period=weeks_ago(weeks), value=weeks)
    for weeks in range(10 * number):
        make_deal(team=cast.north, opened_on=TODAY - timedelta(days=weeks))
    client = as_(cast.ceo)
    with CaptureQueriesContext(connection) as caught:
        client.get(HERE)
    assert len(caught) == QUERIES


QUERIES = 6

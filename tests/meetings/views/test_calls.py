"""The forecast call in the preparation: stated, kept, changed, frozen; never overwritten unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Company, Goal, Team
from deals.committed.third_push import missing_for_commit
from deals.models import CommittedDeal, Deal, DealChange, Evidence
from meetings.forecast.calls import submit_preparation
from meetings.forecast.queries import periods_of, read_calls
from meetings.models import Call, Meeting
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_committed,
    make_deal,
    make_evidence,
    make_held_meeting,
    make_meeting,
    make_revenue,
)
from tests.html import flat

As = Callable[[Any], Client]
BEFORE = NOW - timedelta(hours=27)
Q4 = "2026-10-01"
END = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _before() -> Any:
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def deals(cast: Cast) -> list[Deal]:
    """Two of the CRM’s commit, one of its pipeline; and one of the next quarter."""
    amounts = (
        (310_000, "commit", 20),
        (190_000, "commit", 30),
        (80_000, "pipeline", 10),
        (500_000, "commit", 60),
    )
    return [
        make_deal(
            team=cast.north,
            name=f"Deal {number}",
            amount=Decimal(amount),
            forecast=forecast,
            close_date=TODAY + timedelta(days=days),
        )
        for number, (amount, forecast, days) in enumerate(amounts, start=1)
    ]


@pytest.fixture
def last(cast: Cast, deals: list[Deal]) -> Call:
    meeting = make_held_meeting(team=cast.north, starts_at=NOW - timedelta(days=7))
    figures = {"commit": Decimal(900_000), "best_case": Decimal(1_000_000)}
    return make_call(meeting=meeting, deals=deals[:2], **figures)


@pytest.fixture
def post(meeting: Meeting, as_: As, cast: Cast) -> Callable[..., Any]:
    def send(who: Any = None, **fields: Any) -> Any:
        path = f"/meetings/{meeting.pk}/call/"
        return as_(who or cast.leader).post(path, {"period": Q4, "version": "0"} | fields)

    return send


def calls(meeting: Meeting) -> list[tuple[int, int, int, set[str]]]:
    return [
        (call.number, int(call.commit), int(call.best_case), {str(row.deal) for row in call.deals.all()})
        for call in meeting.calls.order_by("number")
    ]


def page_of(as_: As, user: Any, meeting: Meeting) -> str:
    return flat(as_(user).get(f"/meetings/{meeting.pk}/prepare/").content.decode())


def test_the_first_call_is_proposed_from_the_crm_s_category(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    form = as_(cast.leader).get(f"/meetings/{meeting.pk}/call/?period={Q4}").content.decode()
    ticked = [pk for pk in (deal.pk for deal in deals) if f'value="{pk}"' in form]
    assert ticked == [deal.pk for deal in deals[:3]]  # the fourth closes in January
    assert form.count("checked") == 2


def test_empty_totals_are_what_is_won_and_the_deals_ticked(
    cast: Cast, meeting: Meeting, deals: list[Deal], post: Callable[..., Any]
) -> None:
    make_revenue(team=cast.north, day=TODAY - timedelta(days=10), amount=Decimal(400_000))
    make_revenue(team=cast.north, day=date(2026, 9, 30), amount=Decimal(70_000))  # of the quarter before
    assert post(deals=[deals[0].pk, deals[1].pk]).status_code == 302
    assert calls(meeting) == [(1, 900_000, 900_000, {"Deal 1", "Deal 2"})]
    assert meeting.calls.get().won == 400_000


def test_another_total_may_be_typed_as_people_type_money(
    meeting: Meeting, deals: list[Deal], post: Callable[..., Any]
) -> None:
    assert post(deals=[deals[0].pk], commit="3.4M", best_case="3,800,000").status_code == 302
    assert calls(meeting) == [(1, 3_400_000, 3_800_000, {"Deal 1"})]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"commit": "900k", "best_case": "800k"}, "The best case cannot be below the commit."),
        ({"commit": "-5", "best_case": "1"}, "Enter an amount of zero or more."),
        ({"commit": "twelve"}, "twelve"),
        ({"commit": "9" * 20}, "This amount is too large"),
        ({}, "Tick the deals you stand behind, or enter the total."),
        ({"deals": ["999999"]}, "One of the deals was decided, moved or handed over"),
        ({"deals": ["999999999999999999"]}, "One of the deals was decided, moved or handed over"),
    ],
)
def test_what_cannot_be_a_call_is_refused_and_stays_typed(
    meeting: Meeting, deals: list[Deal], post: Callable[..., Any], fields: dict[str, Any], sentence: str
) -> None:
    answer = post(**fields)
    page = flat(answer.content.decode())
    assert answer.status_code == 422 and sentence in page
    assert not meeting.calls.exists()


def test_a_commit_below_what_is_won_is_asked_about(
    cast: Cast, meeting: Meeting, post: Callable[..., Any]
) -> None:
    make_revenue(team=cast.north, day=TODAY - timedelta(days=10), amount=Decimal(400_000))
    answer = post(commit="300000")
    assert answer.status_code == 422 and "The commit is below what is won already" in answer.content.decode()
    assert post(commit="300000", confirmed="on").status_code == 302
    assert calls(meeting) == [(1, 300_000, 300_000, set())]


def test_unchanged_is_one_tap(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    page = page_of(as_, cast.leader, meeting)
    assert "Unchanged" in page and "It stands until you change it" in page
    assert "Confirm or change the commit for Q4 2026" in page
    shown = {"commit": "900000", "best_case": "1000000", "deals": [deal.pk for deal in deals[:2]]}
    assert post(**shown).status_code == 302
    assert calls(meeting) == [(1, 900_000, 1_000_000, {"Deal 1", "Deal 2"})]
    page = page_of(as_, cast.leader, meeting)
    assert "Unchanged</button>" not in page and "Stated for this meeting by Joe Keller" in page


def test_a_changed_commit_says_which_deals_came_in_and_fell_out(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    post(deals=[deals[0].pk, deals[2].pk])
    page = page_of(as_, cast.leader, meeting)
    assert "Came in: Deal 3 $80K." in page
    assert "Fell out: Deal 2 $190K (taken out)." in page


def test_what_cannot_close_any_more_falls_out_of_what_stood(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As
) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(status="lost")
    Deal.objects.filter(pk=deals[1].pk).update(close_date=END + timedelta(days=12))
    page = page_of(as_, cast.leader, meeting)
    assert "Deal 1 $310K (lost), Deal 2 $190K (closes 12 Jan 2027)." in page
    form = as_(cast.leader).get(f"/meetings/{meeting.pk}/call/?period={Q4}").content.decode()
    assert f'value="{deals[0].pk}"' not in form and f'value="{deals[1].pk}"' not in form


def test_a_won_deal_did_not_fall_out(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As
) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(status="won")
    assert "Fell out" not in page_of(as_, cast.leader, meeting)


def test_a_merged_deal_names_the_one_it_turned_out_to_be(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As
) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(status="withdrawn", merged_into=deals[2])
    assert "Fell out: Deal 1 $310K (merged into Deal 3)." in page_of(as_, cast.leader, meeting)


def test_an_unchanged_total_says_which_deals_it_stands_without(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(status="lost")
    Deal.objects.filter(pk=deals[1].pk).update(status="won")
    post(commit="900000", best_case="1000000", confirmed="on", without=str(deals[0].pk))
    meeting.start(by=cast.ceo, now=NOW)
    page = flat(as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode())
    assert "Commit $900K, best case $1M, both unchanged; Deal 1 $310K fell out." in page


def test_an_old_total_is_asked_about_where_deals_fell_out_of_it(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(status="lost")
    page = page_of(as_, cast.leader, meeting)
    assert "Does the commit of $900K stand without it?" in page and "$900K stands without it" in page
    assert "Unchanged</button>" not in page
    same = {"commit": "900000", "best_case": "1000000", "deals": [deals[1].pk]}
    answer = post(**same)
    question = "Deal 1 $310K (lost) fell out since. Does the commit of $900K stand without it?"
    assert answer.status_code == 422 and question in flat(answer.content.decode())
    assert post(**same, confirmed="on").status_code == 422  # confirmed of something else
    Deal.objects.filter(pk=deals[1].pk).update(close_date=END + timedelta(days=12))
    seen = {"confirmed": "on", "without": str(deals[0].pk)}
    assert post(**same | {"deals": []}, **seen).status_code == 422  # one more fell out since
    assert not calls(meeting)
    both = {"confirmed": "on", "without": f"{deals[0].pk},{deals[1].pk}"}
    assert post(**same | {"deals": []}, **both).status_code == 302
    assert calls(meeting) == [(1, 900_000, 1_000_000, set())]


def test_another_total_needs_no_such_answer(
    meeting: Meeting, last: Call, deals: list[Deal], post: Callable[..., Any]
) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(status="lost")
    assert post(commit="590000", best_case="700000", deals=[deals[1].pk]).status_code == 302


def test_a_total_that_nobody_typed_follows_the_ticks(
    meeting: Meeting, last: Call, deals: list[Deal], cast: Cast, as_: As, post: Callable[..., Any]
) -> None:
    """$310K and $190K were called as their sum; another total was typed, so it stays in the form."""
    path = f"/meetings/{meeting.pk}/call/?period={Q4}"
    assert 'value="900000' in as_(cast.leader).get(path).content.decode()
    Call.objects.update(commit=500_000, best_case=500_000)
    form = as_(cast.leader).get(path).content.decode()
    assert 'value="500000' not in form and "$500K with those ticked so far" in form
    assert post(deals=[deals[0].pk], commit="", best_case="").status_code == 302
    assert calls(meeting) == [(1, 310_000, 310_000, {"Deal 1"})]


def test_a_deal_that_went_to_another_team_falls_out(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As
) -> None:
    Deal.objects.filter(pk=deals[0].pk).update(team=cast.south)
    page = page_of(as_, cast.leader, meeting)
    assert "Fell out: Deal 1 $310K (went to another team)." in page
    unchanged = page[page.index('name="best_case"') : page.index("$900K stands without it")]
    assert unchanged.count('name="deals"') == 1 and f'value="{deals[1].pk}"' in unchanged


def test_a_double_click_states_one_call(
    meeting: Meeting, deals: list[Deal], post: Callable[..., Any]
) -> None:
    for _ in range(2):
        assert post(deals=[deals[0].pk], commit="500000").status_code == 302
    assert len(calls(meeting)) == 1


def test_each_change_is_a_row_and_a_delegate_s_says_so(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    post(deals=[deals[0].pk], commit="500000")
    assert post(cast.delegate, version="1", deals=[deals[0].pk], commit="600000").status_code == 302
    assert [call[:2] for call in calls(meeting)] == [(1, 500_000), (2, 600_000)]
    assert [call.is_by_delegate for call in meeting.calls.order_by("number")] == [False, True]
    assert "by Dana Aide, delegate," in page_of(as_, cast.leader, meeting)


def test_a_call_that_somebody_stated_meanwhile_is_not_replaced(
    cast: Cast, meeting: Meeting, deals: list[Deal], post: Callable[..., Any]
) -> None:
    post(cast.delegate, deals=[deals[0].pk], commit="600000")
    answer = post(deals=[deals[1].pk], commit="700000")
    page = flat(answer.content.decode())
    assert answer.status_code == 409 and "Dana Aide" in page
    assert "Deal 1, $310K" in page and "Deal 2, $190K" in page
    assert len(calls(meeting)) == 1
    mine = {"deals": [deals[1].pk], "commit": "700000", "keep": "mine", "stored_version": "1"}
    assert post(**mine).status_code == 302
    assert calls(meeting)[-1] == (2, 700_000, 700_000, {"Deal 2"})
    theirs = {"deals": [deals[0].pk], "commit": "1", "keep": "theirs", "stored_version": "2"}
    assert post(**theirs).status_code == 302
    assert len(calls(meeting)) == 2


def test_submitting_the_preparation_commits_the_deals(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    post(deals=[deals[0].pk, deals[1].pk])
    assert not CommittedDeal.objects.exists()
    as_(cast.leader).post(f"/meetings/{meeting.pk}/submit/")
    assert {row.deal.name for row in CommittedDeal.objects.all()} == {"Deal 1", "Deal 2"}
    Deal.objects.filter(pk=deals[1].pk).update(status="won")
    post(version="1", deals=[deals[2].pk])  # changed after it
    standing = {row.deal.name for row in CommittedDeal.objects.standing()}
    assert standing == {"Deal 2", "Deal 3"}  # what was won in the meantime nobody took out


@pytest.mark.parametrize(
    ("fields", "committed"),
    [
        ({}, (310_000, TODAY + timedelta(days=20))),
        ({"amount": Decimal(40_000)}, (40_000, TODAY + timedelta(days=20))),
        ({"amount": None}, (None, TODAY + timedelta(days=20))),
        ({"close_date": END}, (310_000, END)),
        ({"close_date": END + timedelta(days=1)}, None),
        (
            {"close_date": TODAY - timedelta(days=2)},
            (310_000, TODAY - timedelta(days=2)),
        ),  # overdue, and still open
        ({"close_date": date(2026, 9, 30)}, (310_000, date(2026, 9, 30))),
        ({"close_date": None}, (310_000, None)),
        ({"status": "lost"}, None),
        ({"status": "withdrawn"}, None),
        ({"team": "South"}, None),
        ({"status": "won", "close_date": date(2026, 11, 20)}, (310_000, date(2026, 11, 20))),
        ({"status": "won", "close_date": date(2026, 9, 30)}, None),
        ({"status": "won", "close_date": date(2027, 1, 4)}, None),
    ],
)
def test_a_deal_is_frozen_as_it_is_on_the_day_of_the_submission(
    cast: Cast,
    meeting: Meeting,
    deals: list[Deal],
    as_: As,
    post: Callable[..., Any],
    fields: dict[str, Any],
    committed: tuple[int | None, date | None] | None,
) -> None:
    post(deals=[deals[0].pk, deals[1].pk])
    if "team" in fields:
        fields = {"team": cast.south}
    Deal.objects.filter(pk=deals[0].pk).update(**fields)
    as_(cast.leader).post(f"/meetings/{meeting.pk}/submit/")
    rows = {row.deal_id: (row.amount, row.close_date) for row in CommittedDeal.objects.standing()}
    assert rows.pop(deals[1].pk) == (190_000, TODAY + timedelta(days=30))
    assert rows == ({deals[0].pk: committed} if committed else {})


def test_a_deal_that_now_closes_before_the_next_period_is_not_committed_for_it(
    cast: Cast, deals: list[Deal], as_: As
) -> None:
    meeting = Meeting.objects.create(team=cast.north, planned_start=NOW, starts_at=NOW + timedelta(days=25))
    with time_machine.travel(NOW + timedelta(days=24), tick=False):
        client, sent = as_(cast.leader), {"period": "2027-01-01", "version": "0", "deals": [deals[3].pk]}
        client.post(f"/meetings/{meeting.pk}/call/", sent)
        assert meeting.calls.get().deals.count() == 1
        Deal.objects.filter(pk=deals[3].pk).update(close_date=END)
        client.post(f"/meetings/{meeting.pk}/submit/")
    assert not CommittedDeal.objects.exists()


def test_a_deal_committed_before_stays_as_it_was_though_it_is_smaller_or_lost_now(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    for deal in deals[:2]:
        make_committed(deal=deal)
    post(deals=[deals[0].pk, deals[1].pk])
    Deal.objects.filter(pk=deals[0].pk).update(amount=Decimal(40_000))
    Deal.objects.filter(pk=deals[1].pk).update(status="lost")
    as_(cast.leader).post(f"/meetings/{meeting.pk}/submit/")
    rows = {row.deal_id: row.amount for row in CommittedDeal.objects.standing()}
    assert rows == {deals[0].pk: 310_000, deals[1].pk: 190_000}


def test_a_call_of_a_preparation_that_nobody_submitted_commits_at_the_start(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    post(deals=[deals[0].pk])
    as_(cast.ceo).post(f"/meetings/{meeting.pk}/start/", {"confirmed": "1"})
    assert [row.deal for row in CommittedDeal.objects.all()] == [deals[0]]
    answer = post(version="1", deals=[deals[1].pk])
    assert answer.status_code == 302 and len(calls(meeting)) == 1  # the meeting has started


def test_in_the_last_three_weeks_the_next_period_is_called_too(
    cast: Cast, deals: list[Deal], as_: As
) -> None:
    meeting = Meeting.objects.create(team=cast.north, planned_start=NOW, starts_at=NOW + timedelta(days=25))
    with time_machine.travel(NOW + timedelta(days=24), tick=False):
        page = page_of(as_, cast.leader, meeting)
        assert "Forecast call, Q4 2026" in page and "Forecast call, Q1 2027" in page
        sent = {"period": "2027-01-01", "version": "0", "deals": [deals[3].pk]}
        assert as_(cast.leader).post(f"/meetings/{meeting.pk}/call/", sent).status_code == 302
        sent["period"] = "2027-04-01"
        assert as_(cast.leader).post(f"/meetings/{meeting.pk}/call/", sent).status_code == 404
    assert meeting.calls.get().ends_on == date(2027, 3, 31)


def test_a_team_that_calls_by_month_calls_the_month(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As
) -> None:
    cast.company.teams.update(call_period="month")
    page = page_of(as_, cast.leader, meeting)
    assert "Forecast call, November 2026" in page and "Forecast call, December 2026" in page


def test_what_follows_a_period_that_was_called_begins_the_day_after_it(
    cast: Cast, meeting: Meeting, last: Call
) -> None:
    """The fourth quarter was called; then the fiscal year began in February, so that its quarter is November to
    January."""
    Company.objects.update(fiscal_year_start=2)
    team = Team.objects.select_related("company").get(pk=cast.north.pk)
    for today in (date(2026, 12, 15), date(2027, 1, 5)):
        periods = periods_of(team, read_calls(meeting, today=today), today=today)
        assert [period.label for period in periods][-1] == "January 2027"
    assert len(periods) == 1


def test_what_is_left_of_a_quarter_is_called_as_one_and_keeps_its_days(
    cast: Cast, meeting: Meeting, last: Call, as_: As
) -> None:
    """January is called as what is left of a quarter; then the year begins in January again."""
    Company.objects.update(fiscal_year_start=2)
    january = make_meeting(team=cast.north, starts_at=datetime(2027, 1, 5, 9, tzinfo=UTC))
    with time_machine.travel(january.starts_at - timedelta(days=1), tick=False):
        sent = {"period": "2027-01-01", "version": 0, "commit": "5000", "best_case": "6000"}
        assert as_(cast.leader).post(f"/meetings/{january.pk}/call/", sent).status_code == 302
        submit_preparation(january, by=cast.leader, now=january.starts_at - timedelta(hours=20))
    Goal.objects.create(team=cast.north, month=date(2027, 1, 1), amount=10_000)
    call = january.calls.get()
    assert call.is_part_of_quarter and call.days.kind == "quarter"
    assert not any(Call.objects.exclude(pk=call.pk).values_list("is_part_of_quarter", flat=True))
    Company.objects.update(fiscal_year_start=1)
    team = Team.objects.select_related("company").get(pk=cast.north.pk)
    for today, expected in (
        (date(2027, 1, 10), ["January 2027"]),
        (date(2027, 1, 20), ["January 2027", "1 Feb 2027 to 31 Mar 2027"]),
        (date(2027, 2, 20), ["1 Feb 2027 to 31 Mar 2027"]),
    ):
        periods = periods_of(team, read_calls(january, today=today), today=today)
        assert [period.label for period in periods] == expected
    with time_machine.travel(datetime(2027, 2, 20, 9, tzinfo=UTC), tick=False):
        page = as_(cast.leader).get("/teams/north/forecast/").context["page"]
    assert page.past[0].period.label == "January 2027" and page.most_measured == 1


def test_a_deal_of_another_team_is_no_part_of_a_call(
    cast: Cast, meeting: Meeting, post: Callable[..., Any]
) -> None:
    other = make_deal(team=cast.south, close_date=TODAY, forecast="commit")
    assert post(deals=[other.pk], commit="5000").status_code == 302  # there is nothing to tick, so nothing is
    assert calls(meeting) == [(1, 5_000, 5_000, set())]


@pytest.mark.parametrize("who", ["ceo", "observer", "facilitator", "admin", "outsider"])
def test_others_cannot_state_a_call(cast: Cast, meeting: Meeting, post: Callable[..., Any], who: str) -> None:
    assert post(getattr(cast, who), commit="1").status_code in (403, 404)
    assert not Call.objects.exists()


def test_the_form_costs_the_same_with_one_deal_and_with_fifty(
    cast: Cast, meeting: Meeting, as_: As, django_assert_max_num_queries: Any
) -> None:
    client, path = as_(cast.leader), f"/meetings/{meeting.pk}/call/"
    for count in (1, 49):
        for _ in range(count):
            make_deal(team=cast.north, close_date=TODAY, forecast="commit")
        with django_assert_max_num_queries(9):
            assert client.get(path).status_code == 200


def push_three_times(deal: Deal, *, reason: str = "") -> None:
    for days in (1, 2, 3):
        old, new = (deal.close_date + timedelta(days=30 * (days - number)) for number in (4, 3))
        DealChange.objects.create(
            deal=deal,
            field="close_date",
            old=str(old),
            new=str(new),
            day=TODAY - timedelta(days=9 - days),
            at=BEFORE,
            reason=reason,
        )


def test_a_deal_pushed_three_times_stays_in_the_commit_with_a_reason_and_a_fact(
    cast: Cast, meeting: Meeting, deals: list[Deal], post: Callable[..., Any]
) -> None:
    committed = make_committed(deal=deals[0])
    push_three_times(deals[0])
    answer = post(deals=[deals[0].pk, deals[1].pk])
    assert answer.status_code == 422
    page = flat(answer.content.decode())
    assert "Deal 1 was pushed so often that it needs a reason for the last push to be in the commit." in page
    assert "Deal 1 was pushed so often that it needs one fact to be in the commit." in page
    assert "Deal 2 was pushed" not in page
    assert calls(meeting) == []
    deals[0].changes.update(reason="Their board meets later.")
    make_evidence(committed=committed)
    assert post(deals=[deals[0].pk, deals[1].pk]).status_code == 302


def test_an_unchanged_call_asks_for_them_too(
    cast: Cast, meeting: Meeting, last: Call, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    push_three_times(deals[1])
    page = page_of(as_, cast.leader, meeting)
    assert "Unchanged</button>" not in page
    assert "was pushed three times or more and needs a reason for the last push and one fact why" in page
    assert (
        "Deal 2 needs a reason for the last push and one fact why it will close to be in the commit" in page
    )
    same = {"commit": "900000", "best_case": "1000000", "deals": [deal.pk for deal in deals[:2]]}
    assert post(**same).status_code == 422
    deals[1].changes.update(reason_kind="budget")
    answer = post(**same)
    assert answer.status_code == 422
    assert f'name="fact_{deals[1].pk}"' in answer.content.decode()
    assert post(**same | {f"fact_{deals[1].pk}": "none_yet"}).status_code == 422
    assert post(**same | {f"fact_{deals[1].pk}": "paper"}).status_code == 302
    assert "Deal 2 needs" not in page_of(as_, cast.leader, meeting)


def test_a_deal_pushed_a_third_time_after_the_call_was_stated_is_asked_about(
    cast: Cast, meeting: Meeting, deals: list[Deal], as_: As, post: Callable[..., Any]
) -> None:
    post(deals=[deals[0].pk])
    assert "needs a reason" not in page_of(as_, cast.leader, meeting)
    push_three_times(deals[0])
    page = page_of(as_, cast.leader, meeting)
    assert "Deal 1 needs a reason for the last push and one fact" in page
    preview = flat(as_(cast.ceo).get(f"/meetings/{meeting.pk}/").content.decode())
    assert "Deal 1 needs" not in preview  # the call is not open yet


def test_a_first_commit_after_the_third_push_needs_a_fact_which_stays_with_the_deal(
    cast: Cast, meeting: Meeting, deals: list[Deal], post: Callable[..., Any]
) -> None:
    push_three_times(deals[0], reason="Their board meets later.")
    fact = {f"fact_{deals[0].pk}": "calendar"}
    assert post(deals=[deals[0].pk]).status_code == 422
    assert post(deals=[deals[0].pk], **fact).status_code == 302
    assert not Evidence.objects.exists()
    assert post(deals=[deals[0].pk, deals[1].pk], version="1").status_code == 302  # the fact was given
    submit_preparation(meeting, by=cast.leader, now=BEFORE)
    [evidence] = Evidence.objects.all()
    assert (evidence.committed.deal, evidence.kind, evidence.by) == (deals[0], "calendar", cast.leader)
    assert missing_for_commit(deals[0], today=TODAY) == ()

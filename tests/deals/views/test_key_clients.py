"""Key clients: proposed, taken on, spoken to, and what becomes of a red answer."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from deals.key_clients.touches import record_touch
from deals.models import FollowUp, Risk, Touch
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_deal,
    make_follow_up,
    make_rep,
    make_revenue,
    make_risk,
    make_touch,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
CLIENTS = "/teams/north/clients/"


def client_of(cast, name, amount, *, team=None, rep=None, days=30):
    team = team or cast.north
    account = make_account(company=cast.company, name=name)
    day = TODAY - timedelta(days=days)
    deal = make_deal(
        team=team, account=account, rep=rep, status="won", close_date=day, amount=Decimal(amount)
    )
    make_revenue(team=team, day=day, amount=amount, deal=deal)
    return account


def say(follow_up, colour="red", said="Budget frozen", *, token=None, days=0, by=None):
    return record_touch(
        follow_up,
        client_said=said,
        colour=colour,
        day=TODAY - timedelta(days=days),
        by=by,
        by_name="Rita Rep",
        token=token or uuid.uuid4(),
        now=NOW,
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ceo", 200),
        ("leader", 200),
        ("delegate", 200),
        ("observer", 200),
        ("admin", 404),
        ("second_leader", 404),
        ("outsider", 404),
    ],
)
def test_who_reads_the_team_reads_the_list(cast, as_, who, status):
    assert as_(getattr(cast, who)).get(CLIENTS).status_code == status


def test_those_that_make_four_fifths_of_the_year_are_proposed_and_taken_on_by_one_tap(cast, as_):
    rep = make_rep(team=cast.north, name="Rita Rep")
    big = client_of(cast, "Orbis", 800_000, rep=rep)
    client_of(cast, "Hollis", 100_000)
    client_of(cast, "Old", 900_000, days=400)
    client_of(cast, "Theirs", 900_000, team=cast.south)
    page = as_(cast.leader).get(CLIENTS).content.decode()
    assert "Orbis" in page and "$800K" in page
    assert not [name for name in ("Hollis", "Old", "Theirs") if name in page]
    as_(cast.leader).post(f"{CLIENTS}confirm/", {"account": [big.pk]})
    taken = FollowUp.objects.get()
    assert (taken.account, taken.owner, taken.every_days) == (big, rep, 90)
    assert taken.due_on == TODAY + timedelta(days=90)


def test_only_what_is_proposed_can_be_taken_on_by_a_tap(cast, as_):
    theirs = client_of(cast, "Theirs", 900_000, team=cast.south)
    as_(cast.leader).post(f"{CLIENTS}confirm/", {"account": [theirs.pk, "x", ""]})
    assert not FollowUp.objects.exists()


def test_any_account_can_be_added_a_former_client_too(cast, as_):
    account = make_account(company=cast.company, name="Brandt", status="former")
    as_(cast.leader).post(f"{CLIENTS}new/", {"name": "brandt"})
    assert FollowUp.objects.get().account == account


def test_part_of_a_known_name_is_asked(cast, as_):
    make_account(company=cast.company, name="Brandt Maschinenbau")
    response = as_(cast.leader).post(f"{CLIENTS}new/", {"name": "Brandt"})
    assert response.status_code == 422
    assert "Did you mean “Brandt Maschinenbau”" in response.content.decode()
    as_(cast.leader).post(f"{CLIENTS}new/", {"name": "Brandt", "new_account": "on"})
    assert FollowUp.objects.get().account.name == "Brandt"


def test_taken_off_the_list_it_is_not_proposed_again_and_can_be_added_again(cast, as_):
    account = client_of(cast, "Orbis", 800_000)
    row = make_follow_up(team=cast.north, account=account)
    make_touch(follow_up=row)
    as_(cast.leader).post(f"/clients/{row.pk}/end/")
    page = as_(cast.leader).get(CLIENTS).content.decode()
    assert 'name="account"' not in page
    as_(cast.leader).post(f"{CLIENTS}new/", {"name": "Orbis"})
    row.refresh_from_db()
    assert (row.ended_at, row.touches.count()) == (None, 1)


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 302), ("delegate", 302), ("ceo", 403), ("observer", 403)]
)
def test_the_sales_leader_s_side_keeps_the_list(cast, as_, who, status):
    row = make_follow_up(team=cast.north)
    client = as_(getattr(cast, who))
    assert client.post(f"/clients/{row.pk}/", {"every_days": 30, "version": 1}).status_code == status
    assert client.post(f"/clients/{row.pk}/end/").status_code == status


def test_another_rhythm_counts_from_the_last_word(cast, as_):
    row = make_follow_up(team=cast.north)
    make_touch(follow_up=row, day=TODAY - timedelta(days=10))
    as_(cast.leader).post(f"/clients/{row.pk}/", {"every_days": 30, "version": 1})
    row.refresh_from_db()
    assert row.due_on == TODAY + timedelta(days=20)


@pytest.mark.parametrize("days", ["0", "731", "-1", "soon", ""])
def test_a_rhythm_is_from_a_day_to_two_years(cast, as_, days):
    row = make_follow_up(team=cast.north)
    assert as_(cast.leader).post(f"/clients/{row.pk}/", {"every_days": days, "version": 1}).status_code == 422


def test_a_rep_of_another_team_cannot_be_the_owner(cast, as_):
    row, theirs = make_follow_up(team=cast.north), make_rep(team=cast.south)
    response = as_(cast.leader).post(
        f"/clients/{row.pk}/", {"owner": theirs.pk, "every_days": 90, "version": 1}
    )
    assert response.status_code == 422


def test_what_the_client_said_puts_the_next_word_ninety_days_later(cast):
    row = make_follow_up(team=cast.north, asked_at=NOW)
    say(row, "green", days=3)
    row.refresh_from_db()
    assert (row.due_on, row.asked_at) == (TODAY + timedelta(days=87), None)


def test_an_earlier_word_entered_late_does_not_bring_the_next_one_forward(cast):
    row = make_follow_up(team=cast.north)
    say(row, "green", days=3)
    say(row, "red", days=40)
    row.refresh_from_db()
    assert row.due_on == TODAY + timedelta(days=87)
    assert not Risk.objects.exists()  # they are well by now


def test_a_client_in_danger_becomes_a_risk_with_what_it_brought_in_a_year(cast):
    account = client_of(cast, "Orbis", 800_000)
    say(make_follow_up(team=cast.north, account=account), "red", "The board froze the budget")
    risk = Risk.objects.get()
    assert (risk.account, risk.name, risk.exposure) == (account, "Orbis", 800_000)
    assert risk.what_is_wrong == "Key client in danger. Rita Rep: “The board froze the budget”"


@pytest.mark.parametrize("colour", ["green", "amber"])
def test_other_colours_become_no_risk(cast, colour):
    say(make_follow_up(team=cast.north), colour)
    assert not Risk.objects.exists()


@pytest.mark.parametrize("about", ["account", "deal"])
def test_a_risk_that_is_open_is_not_added_again(cast, about):
    row = make_follow_up(team=cast.north)
    deal = make_deal(team=cast.north, account=row.account)
    make_risk(team=cast.north, **{about: {"account": row.account, "deal": deal}[about]})
    make_risk(team=cast.south)
    say(row, "red")
    assert Risk.objects.filter(team=cast.north).count() == 1


def test_the_same_form_twice_is_one_answer_and_may_correct_it(cast):
    row, token = make_follow_up(team=cast.north), uuid.uuid4()
    say(row, "green", token=token)
    say(row, "red", "They are leaving", token=token)
    touch = Touch.objects.get()
    assert (touch.colour, touch.client_said) == ("red", "They are leaving")
    assert Risk.objects.count() == 1


def test_the_token_of_an_answer_of_somebody_else_or_of_another_client_corrects_nothing(cast):
    row = make_follow_up(team=cast.north)
    token = say(row, said="Budget frozen", by=cast.leader).token
    say(row, said="All is well", colour="green", token=token)
    say(make_follow_up(team=cast.north), said="Other", token=token)
    said = Touch.objects.order_by("pk").values_list("client_said", flat=True)
    assert list(said) == ["Budget frozen", "All is well", "Other"]


def test_somebody_with_an_account_enters_it_too(cast, as_):
    row = make_follow_up(team=cast.north)
    answer = {"client_said": "Happy", "colour": "green", "day": f"{TODAY}", "token": f"{uuid.uuid4()}"}
    assert as_(cast.observer).post(f"/clients/{row.pk}/touch/", answer).status_code == 403
    assert as_(cast.ceo).post(f"/clients/{row.pk}/touch/", answer).status_code == 302
    touch = Touch.objects.get()
    assert (touch.by, touch.by_name) == (cast.ceo, "Tom Marsh")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("client_said", "", "Enter in one line what the client said."),
        ("colour", "", "Choose a colour."),
        ("colour", "blue", "Choose a colour."),
        ("day", "2026-11-24", "This day is in the future."),
        ("day", "2024-11-22", "more than two years ago"),
        ("day", "", "Enter the day."),
    ],
)
def test_a_bad_answer_is_asked_again(cast, as_, field, value, sentence):
    row = make_follow_up(team=cast.north)
    answer = {"client_said": "Happy", "colour": "green", "day": f"{TODAY}", "token": f"{uuid.uuid4()}"}
    response = as_(cast.leader).post(f"/clients/{row.pk}/touch/", answer | {field: value})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Touch.objects.exists()


def test_why_nobody_is_asked_is_named(cast, as_):
    make_follow_up(team=cast.north)
    make_follow_up(team=cast.north, owner=make_rep(team=cast.north, name="Rita Rep"))
    page = as_(cast.leader).get(CLIENTS).content.decode()
    assert "Nobody is asked: choose an owner" in page
    assert "Rita Rep has no email address" in page


def test_the_list_costs_the_same_for_one_and_for_fifty(cast, as_, django_assert_num_queries):
    client, rep = as_(cast.leader), make_rep(team=cast.north, email="rita@demo.test")
    client_of(cast, "Orbis", 10)
    make_touch(follow_up=make_follow_up(team=cast.north, owner=rep))
    client.get(CLIENTS)
    with django_assert_num_queries(10):
        client.get(CLIENTS)
    for number in range(49):
        make_touch(follow_up=make_follow_up(team=cast.north, owner=rep))
        client_of(cast, f"Client {number}", 10)
    with django_assert_num_queries(10):
        client.get(CLIENTS)


def test_the_account_shows_its_last_and_next_touch_of_the_reader_s_own_teams(cast, as_):
    account = client_of(cast, "Orbis", 10)
    ours = make_follow_up(team=cast.north, account=account, due_on=TODAY - timedelta(days=1))
    theirs = make_follow_up(team=cast.south, account=account)
    make_touch(follow_up=ours, client_said="Happy with the dock", colour="green")
    make_touch(follow_up=theirs, client_said="CANARY")
    page = as_(cast.leader).get(f"/deals/accounts/{account.pk}/").content.decode()
    assert "Happy with the dock" in page
    assert "22 Nov, overdue" in page
    assert "CANARY" not in page


def test_an_account_of_a_key_client_is_known_to_its_team(cast, as_):
    account = make_account(company=cast.company)
    make_follow_up(team=cast.north, account=account)
    assert as_(cast.leader).get(f"/deals/accounts/{account.pk}/").status_code == 200
    assert as_(cast.second_leader).get(f"/deals/accounts/{account.pk}/").status_code == 404

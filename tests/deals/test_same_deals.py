"""Two deals that are one: what becomes of revenue, changes, risks and imports; taken apart again."""

from decimal import Decimal

import pytest

from deals.models import Deal, RevenueEntry
from deals.same_deals.candidates import candidates_of
from tests.deals.import_runs.files import OPEN, WON, answer, press, table, upload
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_capacity_need,
    make_commitment,
    make_deal,
    make_issue,
    make_meeting,
    make_revenue,
    make_risk,
)


@pytest.fixture
def leader(cast, as_):
    return as_(cast.leader)


@pytest.fixture
def twins(cast):
    """One entered here, the other from the CRM."""
    account = make_account(company=cast.company, name="Brandt")
    fields = {"team": cast.north, "name": "Plant two", "account": account}
    return make_deal(**fields, amount=9000), make_deal(
        **fields, amount=12_000, source="other", external_id="D1", company=cast.company
    )


def merge(client, deal, into):
    return client.post(f"/deals/{deal.pk}/merge/", {"into": into.pk}, follow=True)


def separate(client, deal):
    return client.post(f"/deals/{deal.pk}/separate/", follow=True)


def reread(deal):
    return Deal.objects.get(pk=deal.pk)


def booked(team):
    return sum(entry.amount for entry in RevenueEntry.objects.uncorrected().filter(team=team))


def test_the_address_of_the_deal_that_went_leads_to_the_other(leader, twins):
    deal, into = twins
    merge(leader, deal, into)
    assert (reread(deal).status, reread(deal).merged_into) == ("withdrawn", into)
    assert leader.get(f"/deals/{deal.pk}/").url == f"/deals/{into.pk}/"
    page = leader.get(f"/deals/{into.pk}/").content.decode()
    assert "“Plant two” went into this deal" in page
    assert "Status of Plant two" in page


@pytest.mark.parametrize("step", ["won", "lost", "move", ""])
def test_what_is_sent_to_the_deal_that_went_changes_nothing(leader, twins, step):
    deal, into = twins
    merge(leader, deal, into)
    path = f"/deals/{deal.pk}/{step}/" if step else f"/deals/{deal.pk}/"
    page = leader.post(path, {"version": 1, "name": "Another", "close_date": TODAY.isoformat()}, follow=True)
    assert "went into this deal meanwhile" in page.content.decode()
    assert (reread(deal).name, reread(deal).status) == ("Plant two", "withdrawn")


def test_risks_issues_and_commitments_go_along_and_come_back(cast, leader, twins):
    deal, into = twins
    meeting = make_meeting(team=cast.north)
    rows = [
        make_risk(team=cast.north, deal=deal),
        make_issue(team=cast.north, deal=deal),
        make_commitment(team=cast.north, owner=cast.leader, meeting=meeting, deal=deal),
    ]
    merge(leader, deal, into)
    assert [type(row).objects.get(pk=row.pk).deal for row in rows] == [into] * 3
    separate(leader, deal)
    assert [type(row).objects.get(pk=row.pk).deal for row in rows] == [deal] * 3
    assert (reread(deal).status, reread(deal).merged_into, reread(deal).merge_moves) == ("open", None, {})


def test_what_it_takes_to_deliver_goes_along_and_comes_back(leader, twins):
    deal, into = twins
    need = make_capacity_need(deal=deal)
    merge(leader, deal, into)
    need.refresh_from_db()
    assert need.deal == into
    separate(leader, deal)
    need.refresh_from_db()
    assert need.deal == deal


def test_none_needed_does_not_stand_beside_what_the_other_deal_takes(leader, twins):
    deal, into = twins
    make_capacity_need(deal=deal, what="None needed", who="")
    make_capacity_need(deal=into, what="Two crews")
    merge(leader, deal, into)
    assert [need.what for need in into.capacity_needs.all()] == ["Two crews"]
    separate(leader, deal)
    make_capacity_need(deal=deal, what="A crane")
    into.capacity_needs.all().delete()
    make_capacity_need(deal=into, what="None needed", who="")
    merge(leader, deal, into)
    assert [need.what for need in into.capacity_needs.all()] == ["A crane"]


def test_what_somebody_moved_on_since_stays_there(cast, leader, twins):
    deal, into = twins
    risk, other = make_risk(team=cast.north, deal=deal), make_deal(team=cast.north)
    merge(leader, deal, into)
    type(risk).objects.filter(pk=risk.pk).update(deal=other)
    separate(leader, deal)
    assert type(risk).objects.get(pk=risk.pk).deal == other


def won(deal, *, by):
    deal = deal.record_change(
        version=deal.version, day=TODAY, now=NOW, by=by, status="won", close_date=TODAY, reason="Price"
    )
    RevenueEntry.objects.book_deal(deal, by=by, now=NOW)
    return deal


def test_a_win_that_stood_twice_counts_once(cast, leader, twins):
    deal, into = (won(twin, by=cast.leader) for twin in twins)
    assert booked(cast.north) == 21_000
    merge(leader, deal, into)
    assert booked(cast.north) == 12_000
    separate(leader, deal)
    assert booked(cast.north) == 21_000
    assert (reread(deal).status, reread(deal).reason) == ("won", "Price")


def test_an_invoice_of_the_deal_that_went_counts_for_the_other(cast, leader, twins):
    deal, into = twins
    make_revenue(team=cast.north, day=TODAY, amount=5000, deal=deal)
    into = won(into, by=cast.leader)
    assert booked(cast.north) == 17_000
    merge(leader, deal, into)
    assert booked(cast.north) == 12_000
    assert sorted(entry.amount for entry in RevenueEntry.objects.uncorrected().filter(deal=into)) == [
        5000,
        7000,
    ]
    separate(leader, deal)
    assert booked(cast.north) == 17_000


def test_a_won_deal_does_not_go_into_one_that_is_not(cast, leader, twins):
    deal, into = won(twins[0], by=cast.leader), twins[1]
    response = merge(leader, deal, into)
    assert response.status_code == 409
    assert "Merge Plant two into Plant two instead" in response.content.decode()
    assert (reread(deal).merged_into, booked(cast.north)) == (None, 9000)


def test_a_second_click_changes_nothing(leader, twins):
    deal, into = twins
    merge(leader, deal, into)
    changes = deal.changes.count()
    assert "was merged" in merge(leader, deal, into).content.decode()
    assert deal.changes.count() == changes
    separate(leader, deal)
    assert "deal of its own already" in separate(leader, deal).content.decode()


def test_no_chain_is_made(cast, leader, twins):
    deal, into = twins
    merge(leader, deal, into)
    third = make_deal(team=cast.north)
    assert "Take that apart first" in merge(leader, into, third).content.decode()
    assert "went into another deal already" in merge(leader, third, deal).content.decode()


def test_a_deal_of_another_team_cannot_be_selected(cast, leader, twins):
    other = make_deal(team=cast.south)
    assert merge(leader, twins[0], other).status_code == 422
    assert reread(twins[0]).merged_into is None


# Imports


def test_a_row_with_the_id_of_the_deal_that_went_changes_the_other(cast, leader):
    run = press(leader, "apply", answer(leader, upload(leader, table(OPEN)), **{"owner-0": "north"}))
    gone = Deal.objects.get(external_id="D1")
    into = make_deal(team=cast.north, name="Plant 2", amount=1)
    merge(leader, gone, into)
    run = upload(leader, table(OPEN.replace("12000", "13000")))
    assert run.summary["counts"] == {"changed": 1}
    press(leader, "apply", run)
    assert (reread(into).amount, reread(into).external_id) == (13_000, "")
    assert (reread(gone).amount, reread(gone).status) == (12_000, "withdrawn")
    assert upload(leader, table(OPEN.replace("12000", "13000"))).summary["counts"] == {"unchanged": 1}


@pytest.mark.parametrize("order", [1, -1])
def test_the_others_own_row_goes_first_wherever_it_stands(cast, leader, order):
    open_too = OPEN.replace("D1", "D9").replace("12000", "500")
    rows = [OPEN, open_too][::order]
    press(leader, "apply", answer(leader, upload(leader, table(*rows)), **{"owner-0": "north"}))
    merge(leader, Deal.objects.get(external_id="D9"), Deal.objects.get(external_id="D1"))
    run = upload(leader, table(*(row.replace("500", "700") for row in rows)))
    assert run.summary["counts"] == {"unchanged": 1, "left_out": 1}
    reason = run.rows.get(verdict="left_out").reason
    assert reason == "It went into “Plant two”, which has a row of its own."


def test_a_crm_that_deletes_what_it_merged_withdraws_nothing_else(cast, leader):
    headers = "Id,Name,StageName,Amount,CloseDate,IsDeleted"
    rows = ["D1,Plant,Prospecting,5,2027-02-26,false", "D2,Pilot,Prospecting,6,2027-02-26,false"]
    press(
        leader, "apply", answer(leader, upload(leader, table(*rows, headers=headers)), **{"owner-0": "north"})
    )
    gone, into = Deal.objects.get(external_id="D1"), Deal.objects.get(external_id="D2")
    merge(leader, gone, into)
    run = press(leader, "apply", upload(leader, table(rows[0].replace("false", "true"), headers=headers)))
    assert reread(into).status == "open"
    assert run.summary["counts"] == {"left_out": 1}


def test_a_complete_list_does_not_miss_a_deal_whose_other_id_it_has(cast, leader):
    two = table(OPEN, OPEN.replace("D1", "D9"))
    press(leader, "apply", answer(leader, upload(leader, two), **{"owner-0": "north"}))
    merge(leader, Deal.objects.get(external_id="D1"), Deal.objects.get(external_id="D9"))
    run = upload(leader, table(OPEN))
    leader.post(f"/imports/{run.pk}/complete/")
    assert not run.rows.filter(verdict="missing").exists()


def test_an_open_row_of_the_deal_that_went_reopens_no_win(cast, leader):
    press(leader, "apply", answer(leader, upload(leader, table(OPEN, WON)), **{"owner-0": "north"}))
    gone, into = Deal.objects.get(external_id="D1"), Deal.objects.get(external_id="D2")
    merge(leader, gone, into)
    run = upload(leader, table(OPEN))
    assert run.rows.get().reason == "It went into “Pilot”, which is won; this row says open."
    assert (reread(into).status, booked(cast.north)) == ("won", 5000)


# Proposals


def test_the_same_name_at_the_same_account_is_proposed_only_where_ids_allow_it(cast, leader, twins):
    typed, imported = twins
    assert candidates_of(typed) == [imported]
    assert candidates_of(imported) == [typed]
    page = leader.get(f"/deals/{typed.pk}/").content.decode()
    assert "May be the same deal" in page
    fields = {"source": "other", "external_id": "D2", "company": cast.company}
    Deal.objects.filter(pk=typed.pk).update(**fields)
    assert candidates_of(reread(typed)) == []


def test_another_spelling_of_an_id_is_proposed(cast):
    fields = {"team": cast.north, "company": cast.company}
    one = make_deal(**fields, source="", external_id="1001.0")
    other = make_deal(**fields, source="hubspot", external_id="1001")
    assert candidates_of(other) == [one]


def test_who_only_reads_is_proposed_nothing_and_cannot_merge(cast, as_, twins):
    ceo = as_(cast.ceo)
    assert "May be the same deal" not in ceo.get(f"/deals/{twins[0].pk}/").content.decode()
    assert ceo.get(f"/deals/{twins[0].pk}/merge/").status_code == 403


def test_others_are_found_by_a_part_of_their_name(cast, leader, twins):
    make_deal(team=cast.north, name="Retrofit line 3", amount=Decimal(5))
    page = leader.get(f"/deals/{twins[0].pk}/merge/?q=retro").content.decode()
    assert "Retrofit line 3" in page
    assert (
        "No other deal of the team matches"
        in leader.get(f"/deals/{twins[0].pk}/merge/?q=xyz").content.decode()
    )

"""Revenue, accounts, contacts and the history of deals: imported twice, undone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from deals.imports.kinds.examples import EXAMPLES, example
from deals.models import Account, Contact, Deal, DealChange, ImportRun, RevenueEntry
from meetings.transitions import closing
from tests.deals.import_runs.files import answer, press, upload
from tests.factories import NOW, make_account, make_contact, make_deal, make_meeting, make_revenue

REVENUE = "date,amount,note\n2026-03-31,5000,Pilot\n2026-04-30,1250.50,Spare parts\n"
ACCOUNTS = "id,name,status,employees\nA1,Brandt,prospect,250\nA2,Osram,client,25000\n"
CONTACTS = "id,name,title,email,account\nC1,Petra Vogel,CEO,petra@brandt.example,Brandt\n"
HISTORY = (
    "deal id,field,old value,new value,changed on\n"
    "D1,stage,Qualification,Proposal,2026-09-01 10:15\n"
    "D1,amount,10000.00,12000.00,2026-09-14 16:40\n"
)


@pytest.fixture
def leader(cast, as_):
    return as_(cast.leader)


@pytest.fixture
def admin(cast, as_):
    return as_(cast.admin)


def previewed(client, kind, text, **fields):
    run = upload(client, text, kind=kind, **fields)
    if run.state == "understood":
        run = answer(client, run, **({"doubt-0": "won"} if kind == "revenue" else {}))
    assert run.state == "previewed", (run.state, run.error, run.understanding.get("questions"))
    return run


def imported(client, kind, text, **fields):
    run = press(client, "apply", previewed(client, kind, text, **fields))
    assert run.state == "applied", (run.state, run.error)
    return run


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_example_of_a_kind_is_read_without_a_question(admin, kind):
    run = upload(admin, example(kind), kind=kind, scope="company:demo")
    assert not [question for question in run.understanding["questions"] if question["is_required"]]
    assert run.understanding["row_count"] == 3


def test_revenue_is_recorded_for_the_team_in_the_kind_its_goal_is_made_of(leader, cast):
    run = imported(leader, "revenue", REVENUE)
    entries = RevenueEntry.objects.order_by("day").values_list(
        "team", "amount", "note", "source", "kind", "run"
    )
    assert list(entries) == [
        (cast.north.pk, 5000, "Pilot", "file", "won", run.pk),
        (cast.north.pk, Decimal("1250.5"), "Spare parts", "file", "won", run.pk),
    ]


def test_revenue_of_an_owner_no_team_is_known_for_is_nobodys(leader, cast):
    run = previewed(leader, "revenue", "date,amount,kind,owner\n2026-03-31,5000,won,Mia Stranger\n")
    assert run.rows.get().reason.startswith("No one team is known for Mia Stranger.")


def test_revenue_of_another_teams_deal_is_refused_and_does_not_show_the_deal(leader, cast):
    make_deal(team=cast.south, name="Secret plant", external_id="S1", company=cast.company)
    text = "date,amount,kind,deal id,team\n2026-03-31,5000,won,S1,North\n"
    run = previewed(leader, "revenue", text)
    assert run.rows.get().reason == "The deal “S1” is not one of the team that this row names."
    assert "Secret plant" not in leader.get(f"/imports/{run.pk}/").content.decode()


def test_the_same_revenue_twice_is_recorded_once(leader):
    imported(leader, "revenue", REVENUE)
    assert previewed(leader, "revenue", REVENUE).summary["counts"] == {"unchanged": 2}


def test_of_equal_rows_of_revenue_the_ones_not_recorded_yet_are_new(leader):
    imported(leader, "revenue", REVENUE)
    twice = REVENUE + "2026-03-31,5000,Pilot\n"
    assert previewed(leader, "revenue", twice).summary["counts"] == {"unchanged": 2, "new": 1}


def test_revenue_undone_is_gone_and_can_be_imported_again(leader):
    run = press(leader, "undo", imported(leader, "revenue", REVENUE))
    assert run.state == "undone"
    assert not RevenueEntry.objects.exists()
    assert previewed(leader, "revenue", REVENUE).summary["counts"] == {"new": 2}


def test_revenue_that_a_closed_meeting_has_stated_is_corrected_when_undone(leader, cast):
    run = imported(leader, "revenue", REVENUE)
    meeting = make_meeting(team=cast.north, starts_at=NOW)
    meeting.start(by=cast.ceo, now=NOW)
    closing.close_meeting(meeting, by=cast.ceo, now=NOW + timedelta(minutes=30), mail=False)
    press(leader, "undo", run)
    assert RevenueEntry.objects.count() == 4
    assert [entry.amount for entry in RevenueEntry.objects.uncorrected()] == [0, 0]
    assert previewed(leader, "revenue", REVENUE).summary["counts"] == {"new": 2}


def test_revenue_corrected_since_stays_when_the_import_is_undone(leader, cast):
    run = imported(leader, "revenue", REVENUE)
    entry = RevenueEntry.objects.get(note="Pilot")
    make_revenue(team=cast.north, day=entry.day, amount=4000, corrects=entry)
    run = press(leader, "undo", run)
    assert RevenueEntry.objects.uncorrected().get().amount == 4000
    assert run.summary["stays"] == 1


def test_revenue_of_a_won_deal_that_is_booked_is_left_out_with_the_reason(leader, cast):
    deal = make_deal(team=cast.north, name="Pilot", status="won", amount=5000)
    make_revenue(team=cast.north, day=NOW.date(), amount=5000, deal=deal, source="deal")
    run = previewed(leader, "revenue", REVENUE)
    assert run.rows.get(verdict="left_out").reason == (
        "It may be the money of the won deal “Pilot”, which is booked already."
    )


def test_accounts_are_made_changed_and_given_back_what_they_had(leader, cast):
    make_account(company=cast.company, name="Osram", status="prospect")
    run = imported(leader, "accounts", ACCOUNTS)
    values = Account.objects.order_by("name").values_list("name", "external_id", "status", "employees")
    assert list(values) == [("Brandt", "A1", "prospect", 250), ("Osram", "A2", "client", 25000)]
    assert previewed(leader, "accounts", ACCOUNTS).summary["counts"] == {"unchanged": 2}
    press(leader, "undo", run)
    assert list(Account.objects.values_list("name", "external_id", "status", "employees")) == [
        ("Osram", "", "prospect", None)
    ]


def test_an_account_that_only_another_team_knows_is_counted_and_not_shown(leader, cast):
    account = make_account(company=cast.company, name="Osram")
    make_deal(team=cast.south, account=account)
    run = previewed(leader, "accounts", ACCOUNTS)
    assert run.summary["counts"] == {"new": 1, "other_teams": 1}


def test_an_empty_cell_changes_nothing_of_an_account(leader, cast):
    make_account(company=cast.company, name="Osram", status="client", employees=7)
    imported(leader, "accounts", "id,name,status,employees\nA2,Osram,,\n")
    account = Account.objects.get()
    assert (account.status, account.employees, account.external_id) == ("client", 7, "A2")


def test_contacts_are_imported_once_with_their_account(leader, cast):
    run = imported(leader, "contacts", CONTACTS)
    contact = Contact.objects.get()
    assert (contact.name, contact.title, contact.email, contact.account.name) == (
        "Petra Vogel",
        "CEO",
        "petra@brandt.example",
        "Brandt",
    )
    assert previewed(leader, "contacts", CONTACTS).summary["counts"] == {"unchanged": 1}
    press(leader, "undo", run)
    assert not Contact.objects.exists()
    assert not Account.objects.exists()


def test_a_contact_known_by_address_is_changed_not_doubled(leader, cast):
    account = make_account(company=cast.company, name="Brandt")
    make_contact(account=account, name="P. Vogel", email="Petra@brandt.example", title="CFO")
    run = imported(leader, "contacts", CONTACTS)
    assert Contact.objects.get().title == "CEO"
    press(leader, "undo", run)
    assert Contact.objects.get().title == "CFO"


def known_deal(cast):
    return make_deal(team=cast.north, company=cast.company, external_id="D1", stage="Proposal", amount=12000)


def test_a_crms_history_becomes_changes_of_their_days(leader, cast):
    deal = known_deal(cast)
    run = imported(leader, "history", HISTORY)
    changes = DealChange.objects.filter(deal=deal, run=run).order_by("at")
    assert [(change.field, change.old, change.new, change.day.isoformat()) for change in changes] == [
        ("stage", "Qualification", "Proposal", "2026-09-01"),
        ("amount", "10000", "12000", "2026-09-14"),
    ]
    assert changes[0].at == datetime(2026, 9, 1, 8, 15, tzinfo=UTC)


def test_the_same_history_twice_changes_nothing(leader, cast):
    known_deal(cast)
    imported(leader, "history", HISTORY)
    assert previewed(leader, "history", HISTORY).summary["counts"] == {"unchanged": 2}


def test_a_change_that_an_import_learned_later_is_not_stated_a_second_time(leader, cast):
    deal = known_deal(cast)
    learned = datetime(2026, 9, 4, 8, tzinfo=UTC)
    deal.changes.create(field="stage", old="Qualification", new="Proposal", day=learned.date(), at=learned)
    assert previewed(leader, "history", HISTORY).summary["counts"] == {"unchanged": 1, "new": 1}


def test_a_history_undone_is_unsaid(leader, cast):
    known_deal(cast)
    press(leader, "undo", imported(leader, "history", HISTORY))
    assert not DealChange.objects.exists()
    assert Deal.objects.count() == 1


def test_a_contact_erased_by_address_is_in_no_row_and_no_file(
    leader, cast, stored_files, django_capture_on_commit_callbacks
):
    run = imported(leader, "contacts", CONTACTS)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("forget_person", "petra@brandt.example", "--yes", stdout=StringIO())
    assert not Contact.objects.exists()
    assert not list(stored_files.iterdir())
    left = str(list(run.rows.values())) + str(ImportRun.objects.values())
    assert "petra@brandt.example" not in left
    assert "Petra Vogel" not in left

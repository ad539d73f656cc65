"""Deals of a file: uploaded, understood, previewed, applied, undone."""

import stat
from decimal import Decimal

import pytest
from django.urls import reverse

from deals.forms.imports import basis_of
from deals.models import Account, Deal, DealChange, ImportMapping, ImportRow, Rep, RevenueEntry, Stage
from tests.deals.import_runs.files import HEADERS, LOST, OPEN, WON, answer, press, reread, table, upload
from tests.factories import NOW, make_deal, make_risk

FILE = table(OPEN, WON, LOST)


@pytest.fixture
def leader(cast, as_):
    return as_(cast.leader)


def imported(client, text=FILE, *, owner="north"):
    """A file applied as it was understood."""
    run = upload(client, text)
    if run.state == "understood":
        owners = {f"owner-{n}": owner for n in range(len(run.understanding["owner_questions"]))}
        run = answer(client, run, **owners)
    assert run.state == "previewed", (run.state, run.error)
    return press(client, "apply", run)


def months(run):
    rows = run.summary["months"]
    return [(row["month"], Decimal(row["before"]), Decimal(row["after"])) for row in rows]


def test_a_file_is_stored_for_this_program_alone(leader, stored_files):
    run = upload(leader, FILE)
    mode = (stored_files / str(run.key)).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_an_owner_no_team_is_known_for_is_asked_about(leader):
    run = upload(leader, FILE)
    assert run.state == "understood"
    assert [question["owner"] for question in run.understanding["owner_questions"]] == ["Ann Lee"]
    assert not Deal.objects.exists()


def test_a_preview_changes_nothing(leader):
    run = answer(leader, upload(leader, FILE), **{"owner-0": "north"})
    assert run.state == "previewed"
    assert run.summary["counts"] == {"new": 3}
    assert not Deal.objects.exists()
    assert not Account.objects.exists()
    assert not Rep.objects.exists()


def test_a_preview_says_what_revenue_a_month_has_before_and_after(leader):
    run = answer(leader, upload(leader, FILE), **{"owner-0": "north"})
    assert months(run) == [("2026-10", 0, 5000)]


def test_applied_deals_are_the_teams_with_their_accounts_and_rep(leader, cast):
    run = imported(leader)
    assert run.state == "applied"
    deal = Deal.objects.get(external_id="D1")
    assert (deal.team, deal.name, deal.account.name, deal.rep.name) == (
        cast.north,
        "Plant two",
        "Brandt",
        "Ann Lee",
    )
    assert (deal.status, deal.stage, deal.amount) == ("open", "Proposal", Decimal(12000))
    assert run.summary["applied"] == {"new": 3, "account": 3, "rep": 1}


def test_a_won_deal_books_its_revenue_for_the_import(leader):
    run = imported(leader)
    entry = RevenueEntry.objects.get()
    assert (entry.day.isoformat(), entry.amount, entry.run) == ("2026-10-15", 5000, run)
    assert Decimal(run.summary["revenue"]["amount"]) == 5000


def test_the_first_sight_of_a_deal_is_a_change_of_the_import(leader):
    run = imported(leader)
    assert list(DealChange.objects.order_by().values_list("field", "run").distinct()) == [("seen", run.pk)]


def test_the_same_file_twice_changes_nothing_and_asks_nothing(leader):
    imported(leader)
    run = upload(leader, FILE)
    assert run.state == "previewed"
    assert run.summary["counts"] == {"unchanged": 3}
    assert run.understanding["as_last_time"]["by"] == "Joe Keller"


def test_without_a_column_of_owners_it_is_asked_whose_deals_these_are(leader, cast):
    text = table("D1,Plant two,Proposal,12000,2027-02-26", headers="id,name,stage,amount,close date")
    run = upload(leader, text)
    assert [question["owner"] for question in run.understanding["owner_questions"]] == [""]
    assert press(leader, "apply", answer(leader, run, **{"owner-0": "north"})).state == "applied"
    assert Deal.objects.get().team == cast.north


@pytest.mark.parametrize(
    ("key", "said", "confirmed", "other"),
    [
        ("date_order", "day", "D1,Pilot,Brandt,North,Won,100,03/04/2026", "5,03/25/2026"),
        ("decimal_mark", ",", 'D1,Pilot,Brandt,North,Won,"15,000",2026-03-04', '"1,250.00",2026-03-05'),
    ],
)
def test_what_was_confirmed_and_another_file_contradicts_is_not_taken_for_it(
    leader, key, said, confirmed, other
):
    run = upload(leader, table(confirmed))
    form = leader.get(f"/imports/{run.pk}/answers/").context["form"]
    name = next(name for name, answered in form.keys.items() if answered == key)
    press(leader, "apply", answer(leader, run, **{name: said}))
    again = upload(leader, table(f"D3,Other,Brandt,North,Won,{other}", confirmed))
    assert again.state == "understood", "a person looks at it"
    assert again.understanding[key] == {"day": "month", ",": "."}[said]
    assert key not in again.answers


def test_a_change_is_shown_with_old_and_new_and_recorded_with_its_day(leader):
    imported(leader)
    run = upload(leader, table(OPEN.replace("12000,2027-02-26", "14000,2027-03-31"), WON, LOST))
    row = run.rows.get(verdict="changed")
    assert {name: str(row.before[name]) for name in row.after} == {
        "amount": "12000.00",
        "close_date": "2027-02-26",
    }
    assert (Decimal(row.after["amount"]), row.after["close_date"]) == (14000, "2027-03-31")
    press(leader, "apply", run)
    changes = DealChange.objects.filter(run=run).values_list("field", "old", "new", "day")
    assert sorted(changes) == [
        ("amount", "12000.00", "14000.00", NOW.date()),
        ("close_date", "2027-02-26", "2027-03-31", NOW.date()),
    ]


def test_a_won_deal_with_another_amount_corrects_its_revenue(leader):
    imported(leader)
    run = upload(leader, table(OPEN, WON.replace("5000", "5500"), LOST))
    assert months(run) == [("2026-10", 5000, 5500)]
    press(leader, "apply", run)
    assert RevenueEntry.objects.uncorrected().get().amount == 5500
    assert RevenueEntry.objects.count() == 2


def test_undone_nothing_is_left_of_what_it_made(leader):
    run = press(leader, "undo", imported(leader))
    assert run.state == "undone"
    left = (Deal, Account, Rep, RevenueEntry, DealChange)
    assert [model.objects.count() for model in left] == [0] * 5


def test_undone_what_it_changed_is_changed_back_as_a_new_change(leader):
    imported(leader)
    run = upload(leader, table(OPEN.replace("12000", "14000"), WON.replace("5000", "5500"), LOST))
    press(leader, "undo", press(leader, "apply", run))
    deal = Deal.objects.get(external_id="D1")
    assert deal.amount == 12000
    amounts = DealChange.objects.filter(deal=deal, field="amount").order_by("pk")
    assert [float(change.new) for change in amounts] == [14000, 12000]
    assert RevenueEntry.objects.uncorrected().get().amount == 5000


def test_undone_what_was_changed_since_stays_and_is_listed(leader, cast):
    run = imported(leader)
    deal = Deal.objects.get(external_id="D1")
    deal.record_change(version=deal.version, day=NOW.date(), now=NOW, by=cast.leader, amount=Decimal(13000))
    run = press(leader, "undo", run)
    assert list(Deal.objects.values_list("external_id", "amount")) == [("D1", 13000)]
    row = run.rows.get(target=deal.pk, thing="deals")
    assert (row.is_undone, row.reason) == (False, "Changed since the import: left as it is.")
    assert run.summary["stays"] == 1


def test_undone_a_deal_that_something_stands_on_stays(leader, cast):
    run = imported(leader)
    make_risk(team=cast.north, deal=Deal.objects.get(external_id="D1"))
    run = press(leader, "undo", run)
    assert Deal.objects.get().external_id == "D1"
    assert "risk" in run.rows.get(verdict="new", is_undone=False, thing="deals").reason


def test_a_second_undo_says_that_it_was_undone(leader, as_, cast):
    run = press(leader, "undo", imported(leader))
    response = as_(cast.admin).post(f"/imports/{run.pk}/undo/", follow=True)
    assert "This import was already undone." in response.content.decode()


def test_what_changed_since_the_preview_makes_a_new_preview(leader, cast):
    imported(leader)
    run = upload(leader, table(OPEN.replace("12000", "14000"), WON, LOST))
    deal = Deal.objects.get(external_id="D1")
    deal.record_change(version=deal.version, day=NOW.date(), now=NOW, by=cast.leader, stage="Negotiation")
    run = press(leader, "apply", run)
    assert run.state == "previewed"
    assert run.error.startswith("1 row has changed since the preview: Plant two.")
    assert run.rows.get(verdict="changed").before["stage"] == "Negotiation"
    assert press(leader, "apply", run).state == "applied"


def test_a_deal_of_another_team_is_counted_and_not_shown(leader, cast):
    make_deal(team=cast.south, company=cast.company, external_id="D9", name="Secret", rep="Bo Ruiz")
    run = upload(leader, table(OPEN, "D9,Secret,Acme,Bo Ruiz,Proposal,900,2027-01-01"))
    run = answer(leader, run, **{"owner-0": "north"})
    assert run.summary["counts"] == {"new": 1, "other_teams": 1}
    assert not run.rows.filter(name__contains="Secret").exists()
    assert "another team" in leader.get(f"/imports/{run.pk}/").content.decode()


def test_an_admin_imports_deals_of_every_team(cast, as_):
    admin = as_(cast.admin)
    text = table(OPEN, "D9,Second,Acme,Bo Ruiz,Proposal,900,2027-01-01")
    run = upload(admin, text, scope="company:demo")
    run = answer(admin, run, **{"owner-0": "north", "owner-1": "south"})
    press(admin, "apply", run)
    assert dict(Deal.objects.values_list("external_id", "team__slug")) == {"D1": "north", "D9": "south"}


def test_deals_missing_from_a_complete_list_stay_open_unless_somebody_says_so(leader):
    imported(leader, table(OPEN, OPEN.replace("D1,Plant two", "D4,Plant three"), WON))
    run = press(leader, "complete", upload(leader, table(WON)))
    missing = run.rows.filter(verdict=ImportRow.Verdict.MISSING).order_by("name")
    assert [row.name for row in missing] == ["Plant three", "Plant two"]
    run = press(leader, "missing", run, **{f"row-{missing[0].pk}": "lost", f"row-{missing[1].pk}": ""})
    press(leader, "apply", run)
    assert Deal.objects.get(external_id="D4").status == "lost"
    assert Deal.objects.get(external_id="D1").status == "open"


def test_a_second_row_with_the_same_id_is_refused(leader):
    run = answer(leader, upload(leader, table(OPEN, WON)), **{"owner-0": "north"})
    assert not run.rows.filter(verdict="refused").exists()


def test_what_was_confirmed_is_remembered_with_who_did(leader, cast):
    imported(leader)
    mapping = ImportMapping.objects.get()
    assert mapping.confirmed_by == cast.leader
    assert mapping.answers["owners"] == [["Ann Lee", "north"]]


def test_a_file_deleted_meanwhile_is_said(leader, stored_files):
    run = upload(leader, FILE)
    (stored_files / str(run.key)).unlink()
    run = answer(leader, run, **{"owner-0": "north"})
    assert run.state == "failed"
    assert "deleted meanwhile" in run.error
    assert reread(run).rows.count() == 0


def test_a_win_in_another_currency_is_booked_at_the_rate_somebody_entered(leader):
    text = table(f"{WON},EUR", headers=f"{HEADERS},currency")
    run = upload(leader, text)
    names = {question["key"]: f"doubt-{n}" for n, question in enumerate(run.understanding["questions"])}
    run = answer(leader, run, **{names["rates:EUR"]: "1.1", "owner-0": "north"})
    assert months(run) == [("2026-10", 0, 5500)]
    assert "€5,000 at 1.1" in leader.get(f"/imports/{run.pk}/").content.decode()
    press(leader, "apply", run)
    entry = RevenueEntry.objects.get()
    for page in ("/deals/revenue/", f"/deals/{entry.deal_id}/"):
        assert "€5,000 at 1.1" in leader.get(page).content.decode()
    assert (entry.amount, entry.original_amount, entry.original_currency, entry.rate) == (
        5500,
        5000,
        "EUR",
        Decimal("1.1"),
    )
    assert ImportMapping.objects.get().answers["file"].get("rates") is None, "a rate is of one file"


def test_what_a_stage_means_is_kept_with_who_said_so(leader, cast):
    rows = [f"{OPEN},New business", f"{WON.replace(',Won,', ',Order received,')},New business"]
    run = upload(leader, table(*rows, headers=f"{HEADERS},pipeline"))
    names = {question["key"]: f"doubt-{n}" for n, question in enumerate(run.understanding["questions"])}
    run = answer(leader, run, **{names["stages:Order received"]: "won", "owner-0": "north"})
    run = press(leader, "apply", run)
    stages = Stage.objects.order_by("position").values_list("pipeline__name", "name", "meaning", "stated_by")
    assert list(stages) == [
        ("New business", "Proposal", "open", None),
        ("New business", "Order received", "won", cast.leader.pk),
    ]
    press(leader, "undo", run)
    assert not Stage.objects.exists()


def test_whose_deals_they_are_can_be_corrected_after_the_preview(leader):
    run = answer(leader, upload(leader, table(OPEN)), **{"owner-0": "-"})
    assert run.summary["counts"] == {"other_teams": 1}
    page = leader.get(f"/imports/{run.pk}/answers/").content.decode()
    assert "Whose deals these are" in page
    run = answer(leader, run, **{"said-owner-0": "north"})
    assert run.summary["counts"] == {"new": 1}


def test_a_complete_list_that_misses_nothing_says_so(leader):
    imported(leader, table(OPEN, WON))
    run = press(leader, "complete", upload(leader, table(OPEN, WON)))
    assert "Nothing is missing" in leader.get(f"/imports/{run.pk}/").content.decode()


def test_an_amount_that_may_be_thousands_is_not_booked_as_a_few(leader):
    head = table(OPEN).splitlines()[0].replace(",", ";")
    text = f"{head}\nD1;One;Acme;Ann Lee;Proposal;9.900,50;2027-01-01\nD2;Two;Acme;Ann Lee;Proposal;4,000;2027-01-01\n"
    run = answer(leader, upload(leader, text), **{"owner-0": "north"})
    assert run.summary["counts"] == {"new": 1, "refused": 1}
    assert "may be thousands" in run.rows.get(verdict="refused").reason


def test_refused_rows_that_come_back_mended_are_read_as_last_time(leader):
    bad = "D9,Broken,Acme,Ann Lee,Proposal,abc,2027-01-01"
    run = answer(leader, upload(leader, table(OPEN, bad)), **{"owner-0": "north"})
    press(leader, "apply", run)
    text = leader.get(f"/imports/{run.pk}/refused/").getvalue().decode("utf-8-sig")
    mended = upload(leader, text.replace('"abc"', '"900"'))
    assert mended.understanding["as_last_time"]
    assert mended.summary["counts"] == {"new": 1}


def test_many_owners_without_a_team_are_a_table_with_one_choice_for_all(leader, cast, as_):
    rows = [f"D{n},Deal {n},Brandt,Rep {n},Proposal,1000,2027-02-26" for n in range(5)]
    admin = as_(cast.admin)
    run = upload(admin, table(*rows), scope=f"company:{cast.company.slug}")
    page = admin.get(reverse("deals:import_answers", args=(run.pk,))).content.decode()
    assert "No team is known for 5 owners" in page
    refused = admin.post(reverse("deals:import_answers", args=(run.pk,)), {"basis": basis_of(run)})
    assert refused.status_code == 422
    assert refused.content.decode().count("Choose a team, or one for all of them above.") == 5
    run = answer(admin, run, other_owners="south", **{"owner-3": "north"})
    assert dict(run.owner_choices) == {f"Rep {n}": "north" if n == 3 else "south" for n in range(5)}

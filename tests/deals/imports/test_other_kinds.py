"""Accounts, contacts, revenue and a CRM's own history: columns, typed rows, and what is asked of each."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from deals.imports.answers import Answers
from deals.imports.kinds.examples import EXAMPLES, example
from deals.imports.kinds.words import level_of
from tests.deals.imports.engine import lines, needed, reasons, rows_of, table, terms, understood, values


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY"])
def test_a_worked_example_is_read_without_a_question_and_all_of_it(kind, currency):
    content = example(kind, currency=currency).encode()
    understanding = understood(content, kind, currency=currency)
    assert needed(understanding) == []
    assert [column.header for column in understanding.columns if not column.role] == []
    assert len(values(content, kind, currency=currency)) == 3
    assert terms().currency == "USD"


# -- accounts


def test_companies_of_hubspot_are_accounts():
    content = table(
        (
            "Record ID",
            "Company name",
            "Company owner",
            "Lifecycle Stage",
            "Number of Employees",
            "Annual Revenue",
        ),
        ("101", "Brandt", "Anna", "Customer", "1,800", "240000000"),
        ("102", "Orbis", "", "opportunity", "51-200", ""),
    )
    assert understood(content, "accounts").format == "hubspot-companies"
    brandt, orbis = values(content, "accounts")
    assert (brandt.external_id, brandt.name, brandt.status, brandt.owner) == (
        "101",
        "Brandt",
        "client",
        "Anna",
    )
    assert (brandt.employees, brandt.annual_revenue) == (1800, 240_000_000)
    assert (orbis.status, orbis.employees, orbis.annual_revenue) == ("prospect", None, None)


def test_an_account_called_like_a_sum_is_one():
    names = ["Total Energies", "Summe GmbH", "Total", "Copyright Agency", "Brandt (2)"]
    content = table(
        ("name", "owner", "employees"), *((name, "Anna", "7") for name in names), ("Total", "", "35")
    )
    assert [account.name for account in values(content, "accounts")] == names


def test_the_revenue_of_an_account_in_another_currency_is_left_open():
    content = table(("name", "annual revenue"), ("A", "€5"), ("B", "kr 5"), ("C", "5"), ("D", "five"))
    assert [account.annual_revenue for account in values(content, "accounts")] == [None, None, 5]
    assert "“five” is not an amount" in reasons(content, "accounts")[0]


def test_an_account_twice_with_other_values_is_refused_and_the_same_twice_is_one():
    content = table(
        ("name", "owner"), ("Brandt", "Anna"), ("BRANDT", "Tom"), ("Orbis", "Anna"), ("orbis", "Anna")
    )
    assert [account.name for account in values(content, "accounts")] == ["Orbis"]
    assert "the account “BRANDT” is also in row 2, with other values" in reasons(content, "accounts")[1]


# -- contacts


def test_a_contact_needs_a_name_and_an_account():
    headers = ("First Name", "Last Name", "Job Title", "Email", "Company Name", "Buying Role")
    content = table(
        headers,
        ("Maria", "Brandt", "CEO", "maria@example.com", "Brandt", "Decision maker"),
        ("", "", "", "", "Brandt", ""),
        ("Tom", "", "", "", "", ""),
        ("Tom", "", "", "not an address", "Brandt", ""),
    )
    (maria,) = values(content, "contacts")
    assert (maria.name, maria.title, maria.level, maria.role) == ("Maria Brandt", "CEO", "c_level", "decides")
    assert (maria.email, maria.account) == ("maria@example.com", "Brandt")
    assert reasons(content, "contacts") == [
        "Row 3: the contact has no name.",
        "Row 4: “Company Name” is empty.",
        "Row 5: “not an address” is not an e-mail address (column “Email”).",
    ]


@pytest.mark.parametrize(
    ("title", "level"),
    [
        *(("CEO", "c_level"), ("Geschäftsführerin", "c_level"), ("Directeur général", "c_level")),
        *(("VP of Sales", "director"), ("Einkaufsleiter", "director"), ("Director", "director")),
        *(("IT Manager", "manager"), ("Teamleiter", "manager"), ("Software Engineer", "specialist")),
        *(
            ("Assistant to the CEO", ""),
            ("CEO office", ""),
            ("Managerin des Jahres", ""),
            ("Vice CEO", ""),
            ("", ""),
        ),
    ],
)
def test_a_level_comes_only_from_exactly_a_known_title(title, level):
    assert level_of(title) == level


# -- revenue


REVENUE = ("date", "amount", "kind", "account", "deal id", "note")


def test_revenue_needs_a_day_and_an_amount_and_the_rest_is_optional():
    content = table(("Datum", "Betrag"), ("05.11.2026", "1.250,50"), delimiter=";")
    assert needed(understood(content, "revenue")) == ["revenue_kind"]
    (entry,) = values(content, "revenue", answers=Answers(revenue_kind="invoiced"))
    assert (entry.day, entry.amount, entry.kind) == (date(2026, 11, 5), Decimal("1250.50"), "invoiced")


def test_revenue_below_zero_is_asked_about_and_is_a_credit_or_refused():
    content = table(REVENUE, ("2026-11-05", "(1,050.00)", "Invoice", "Brandt", "7", "Credit note"))
    assert needed(understood(content, "revenue")) == ["negative"]
    assert values(content, "revenue", answers=Answers(negative="credit"))[0].amount == -1050
    assert "is below zero" in reasons(content, "revenue", answers=Answers(negative="refuse"))[0]


def test_each_row_may_say_its_kind():
    rows = [("2026-11-05", "5", kind, "Brandt", "7", "") for kind in ("Won", "Rechnung", "ARR", "Gift")]
    content = table(REVENUE, *rows)
    assert [entry.kind for entry in values(content, "revenue")] == ["won", "invoiced", "recurring"]
    assert "“Gift” is no kind of revenue" in reasons(content, "revenue")[0]


def test_revenue_of_the_future_is_refused_and_sums_are_left_out():
    content = table(
        REVENUE,
        ("2026-11-24", "5", "Won", "", "", ""),
        ("", "5", "", "", "", "Total"),
        ("2026-11-23", "5", "Won", "", "", ""),
    )
    assert [row.category for row in rows_of(content, "revenue")] == ["", "sum", ""]
    assert "is in the future" in reasons(content, "revenue")[0]


def test_what_a_column_that_is_not_read_calls_void_or_a_credit_is_no_revenue():
    content = lines(
        "date,amount,kind,status",
        "2026-03-01,500,invoiced,Void",
        "2026-03-02,500,invoiced,Credit note",
        "2026-03-03,500,invoiced,Paid",
        "2026-03-04,-500,invoiced,Credit note",
    )
    read = Answers(negative="credit")
    assert [str(entry.day) for entry in values(content, "revenue", answers=read)] == [
        "2026-03-03",
        "2026-03-04",
    ]
    assert reasons(content, "revenue", answers=read)[0].startswith(
        "Row 2: “Void” in “status” says that it is no"
    )


def test_equal_rows_of_revenue_are_all_read():
    content = table(REVENUE, *[("2026-11-05", "500", "Won", "Brandt", "", "Licence")] * 3)
    assert len(values(content, "revenue")) == 3


# -- history


def test_a_field_history_is_a_change_a_row():
    content = table(
        (
            "Opportunity ID",
            "Opportunity Name",
            "Field / Event",
            "Old Value",
            "New Value",
            "Edited By",
            "Edit Date",
        ),
        ("0061U00000AbCdE", "A", "Stage", "Proposal", "Negotiation", "Anna", "9/14/2026 10:30 AM"),
        ("0061U00000AbCdE", "A", "Close Date", "10/30/2026", "12/18/2026", "Anna", "9/14/2026 10:31 AM"),
        ("0061U00000AbCdE", "A", "Amount", "$48,000.00", "$52,000.00", "Anna", "10/1/2026 9:05 AM"),
        ("0061U00000AbCdE", "A", "Created.", "", "", "Anna", "9/1/2026 9:05 AM"),
    )
    assert understood(content, "history").format == "salesforce-field-history"
    stage, close_date, amount = values(content, "history")
    assert (stage.deal_id, stage.field, stage.old, stage.new) == (
        "0061U00000AbCdEQAV",
        "stage",
        "Proposal",
        "Negotiation",
    )
    assert stage.moment == datetime(2026, 9, 14, 10, 30, tzinfo=UTC)
    assert (close_date.old, close_date.new) == ("2026-10-30", "2026-12-18")
    assert (amount.old, amount.new) == ("48000", "52000")
    assert rows_of(content, "history")[3].category == "no_change"


def test_dates_that_changed_are_asked_about_where_nothing_shows_their_order():
    headers = ("Deal ID", "Field", "Old Value", "New Value", "Changed At")
    content = table(headers, ("7", "Close Date", "3/4/2026", "5/6/2026", "2026-02-01 10:00:00"))
    assert needed(understood(content, "history")) == ["date_order"]
    (change,) = values(content, "history", answers=Answers(date_order="day"))
    assert (change.old, change.new) == ("2026-04-03", "2026-06-05")


def test_a_history_of_opportunities_says_what_changed_from_line_to_line():
    headers = ("Id", "OpportunityId", "CreatedDate", "StageName", "Amount", "CloseDate")
    content = lines(
        ",".join(headers),
        "1,006A,2026-01-05T08:00:00.000Z,Prospecting,1000,2026-06-30",
        "2,006B,2026-01-06T08:00:00.000Z,Prospecting,50,2026-06-30",
        "3,006A,2026-02-05T08:00:00.000Z,Negotiation,1000,2026-07-31",
    )
    changes = [(row.deal_id, row.field, row.old, row.new) for row in values(content, "history")]
    assert changes == [
        ("006A", "stage", "", "Prospecting"),
        ("006A", "amount", "", "1000"),
        ("006A", "close_date", "", "2026-06-30"),
        ("006B", "stage", "", "Prospecting"),
        ("006B", "amount", "", "50"),
        ("006B", "close_date", "", "2026-06-30"),
        ("006A", "stage", "Prospecting", "Negotiation"),
        ("006A", "close_date", "2026-06-30", "2026-07-31"),
    ]


def test_what_was_before_is_taken_from_its_own_column_where_there_is_one():
    content = table(
        (
            "OpportunityId",
            "CreatedDate",
            "StageName",
            "FromOpportunityStageName",
            "Amount",
            "PrevAmount",
            "CloseDate",
        ),
        ("006A", "2026-02-05T23:30:00+0100", "Negotiation", "Proposal", "1000", "900", "2026-07-31"),
    )
    changes = values(content, "history")
    assert [(row.field, row.old) for row in changes] == [
        ("stage", "Proposal"),
        ("amount", "900"),
        ("close_date", ""),
    ]
    assert changes[0].moment == datetime(2026, 2, 5, 22, 30, tzinfo=UTC)


def test_a_change_of_the_future_or_without_its_deal_is_refused():
    headers = ("Deal ID", "Field", "Old Value", "New Value", "Changed At")
    content = table(
        headers, ("7", "Stage", "A", "B", "2026-11-24 08:00"), ("", "Stage", "A", "B", "2026-11-20")
    )
    first, second = reasons(content, "history")
    assert "is in the future" in first
    assert "“Deal ID” is empty" in second

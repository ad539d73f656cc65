"""In which currency an amount is, and what becomes of one that is not the company's: never booked as if it were."""

from decimal import Decimal

import pytest

from deals.imports.answers import Answers
from deals.imports.kinds.rows import Foreign
from tests.deals.imports.engine import needed, reasons, table, understood, values

HEADERS = ("id", "name", "stage", "amount", "close date")


def one(amount, *more, headers=()):
    return table((*HEADERS, *headers), ("1", "A", "Won", amount, "2026-03-01", *more))


def deal(content, **options):
    (only,) = values(content, **options)
    return only.amount, only.foreign


@pytest.mark.parametrize(
    ("amount", "more", "headers"),
    [
        ("1,000.00", ("EUR",), ("Amount Currency",)),
        ("1000", ("EUR",), ("Deal Currency Code",)),
        ("1000", ("Euro",), ("whatever",)),
        ("€1,000.00", (), ()),
        ("EUR 1,000.00", (), ()),
    ],
)
def test_a_foreign_amount_is_refused_until_somebody_enters_a_rate(amount, more, headers):
    content = one(amount, *more, headers=headers)
    understanding = understood(content)
    assert next(question.key for question in understanding.questions) == "rates:EUR"
    assert (needed(understanding), dict(understanding.currencies)) == ([], {"EUR": 1})
    assert "but the company uses USD; no rate was entered for EUR" in reasons(content)[0]
    rated = Answers(rates={"EUR": "1.0842"})
    assert deal(content, answers=rated) == (
        Decimal("1084.20"),
        Foreign(amount=Decimal("1000.00"), currency="EUR", rate=Decimal("1.0842")),
    )
    assert not [q for q in understood(content, answers=rated).questions if q.key.startswith("rates")]


def test_a_column_that_is_headed_as_currencies_is_one_also_when_some_cells_are_none():
    content = table(
        (*HEADERS, "Deal Currency Code"),
        ("1", "A", "Won", "1000", "2026-03-01", "EUR"),
        ("2", "B", "Won", "1000", "2026-03-01", "n/a"),
    )
    assert [reason.partition(":")[0] for reason in reasons(content)] == ["Row 2", "Row 3"]


def test_several_columns_of_currencies_are_asked_about_where_they_differ():
    rows = [("1", "A", "Won", "1000", "2026-03-01", "EUR", "USD")]
    content = table((*HEADERS, "of the deal", "of the account"), *rows)
    assert needed(understood(content)) == ["role:currency"]
    same = table((*HEADERS, "of the deal", "of the account"), (*rows[0][:5], "EUR", "EUR"))
    assert dict(understood(same).currencies) == {"EUR": 1}


def test_a_rate_rounds_half_up_as_the_companys_currency_counts():
    content = one("1234.55", "USD", headers=("Currency",))
    assert deal(content, answers=Answers(rates={"USD": "149.9"}), currency="JPY")[0] == 185059


NO_RATES = ["", "-", "0", "-1", "x", "1e400", "1e-10", "NaN", "Infinity", "25,400", "1,250,000"]


@pytest.mark.parametrize("rate", NO_RATES)
def test_what_is_no_rate_refuses_the_rows(rate):
    assert "no rate was entered" in reasons(one("€5"), answers=Answers(rates={"EUR": rate}))[0]


def test_the_amount_that_the_crm_converted_into_the_companys_currency_is_taken():
    headers = ("Amount Currency", "Amount (converted)", "Amount (converted) Currency", "Opportunity Name")
    content = table(
        ("Opportunity ID", "Stage", "Amount", "Close Date", *headers),
        ("1", "Closed Won", "1000", "2026-03-01", "EUR", "1100", "USD", "A"),
    )
    assert needed(understood(content)) == []
    assert deal(content) == (1100, Foreign(amount=Decimal(1000), currency="EUR"))
    assert "no rate was entered for EUR" in reasons(content, currency="CHF")[0]


def test_nothing_is_nothing_in_every_currency_and_becomes_no_amount():
    headers = (
        "id",
        "name",
        "stage",
        "amount",
        "currency",
        "amount (converted)",
        "converted currency",
        "close date",
    )
    kept, invented, lost = (
        table(headers, ("1", "A", "Won", amount, "EUR", converted, "USD", "2026-03-01"))
        for amount, converted in (("0.00", "0.00"), ("0.00", "100.00"), ("100.00", "0.00"))
    )
    answers = Answers(
        columns={"amount (converted)": "converted_amount", "converted currency": "converted_currency"}
    )
    assert deal(kept, answers=answers) == (0, None)
    assert reasons(invented, answers=answers) == [
        "Row 2: “0.00” in EUR cannot be 100.00 in USD (column “amount”)."
    ]
    assert reasons(lost, answers=answers) == [
        "Row 2: “100.00” in EUR cannot be 0.00 in USD (column “amount”)."
    ]


def test_a_converted_estimate_says_nothing_of_what_was_really_won():
    content = table(
        (
            "Topic",
            "Status",
            "Est. Revenue",
            "Est. Revenue (Base)",
            "Actual Revenue",
            "Currency",
            "Actual Close Date",
        ),
        ("A", "Won", "1000", "1100", "900", "EUR", "2026-03-01"),
        ("B", "Won", "500", "500", "450", "USD", "2026-03-01"),
    )
    by_name = Answers(identity="Topic")
    assert "no rate was entered for EUR" in reasons(content, answers=by_name)[0]
    assert [row.amount for row in values(content, answers=by_name.with_answer("rates:EUR", "2"))] == [
        1800,
        450,
    ]


def hubspot(*rows):
    headers = (
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Amount",
        "Currency",
        "Amount in company currency",
        "Close Date",
    )
    return table(
        headers, *((str(n), "A", "Closed Won", *row, "2026-03-01") for n, row in enumerate(rows, start=1))
    )


def test_a_converted_column_is_ours_when_rows_in_our_currency_agree_with_it():
    content = hubspot(("1000", "EUR", "1100"), ("500", "USD", "500"))
    assert needed(understood(content)) == []
    assert [row.amount for row in values(content)] == [1100, 500]


@pytest.mark.parametrize(
    "rows", [[("1000", "EUR", "1100")], [("1000", "EUR", "1100"), ("500", "USD", "455")]]
)
def test_a_converted_column_of_a_currency_that_nothing_shows_is_asked_about(rows):
    content = hubspot(*rows)
    assert needed(understood(content)) == ["converted_currency"]
    assert values(content, answers=Answers(converted_currency="USD"))[0].amount == 1100
    assert "no rate" in reasons(content, answers=Answers(converted_currency="CHF"))[0]


@pytest.mark.parametrize(
    ("sign", "currency", "code"), [("$", "EUR", "CAD"), ("kr", "USD", "NOK"), ("¥", "USD", "CNY")]
)
def test_a_sign_of_several_currencies_is_asked_about(sign, currency, code):
    content = one(f"{sign}500")
    understanding = understood(content, currency=currency)
    question = next(q for q in understanding.questions if q.key.startswith("signs:"))
    assert (code, code) in question.choices
    assert question.rows[0].number == 2
    assert f"but the company uses {currency}" in reasons(content, currency=currency)[0]
    answers = Answers(rates={code: "2"}).with_answer(question.key, code)
    assert deal(content, answers=answers, currency=currency)[0] == 1000


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("$500", "USD"), ("$500", "CAD"), ("kr 500", "SEK"), ("¥500", "JPY"), ("500", "CHF")],
)
def test_the_companys_own_sign_is_its_own(amount, currency):
    assert deal(one(amount), currency=currency) == (500, None)


@pytest.mark.parametrize(
    ("sign", "code"),
    [("CA$", "CAD"), ("A$", "AUD"), ("HK$", "HKD"), ("US$", "USD"), ("R$", "BRL"), ("£", "")],
)
def test_a_dollar_with_its_country_is_that_countrys(sign, code):
    understanding = understood(one(f"{sign}500"), currency="EUR")
    assert set(understanding.currencies) == ({code} if code else set())


def test_a_sign_that_contradicts_the_column_of_currencies_is_refused():
    assert "“€5” is in €, but “currency” says USD" in reasons(one("€5", "USD", headers=("currency",)))[0]
    assert deal(one("$5", "CAD", headers=("currency",)), currency="CAD") == (5, None)


def test_what_is_no_currency_is_refused():
    assert "“Taler” is no currency" in reasons(one("5", "Taler", headers=("currency",)))[0]


def test_a_heading_and_a_title_name_the_currency_of_the_file():
    heading = table(
        ("id", "name", "stage", "amount (EUR)", "close date"), ("1", "A", "Won", "5", "2026-03-01")
    )
    title = table(("Pipeline in EUR", "", "", "", ""), HEADERS, ("1", "A", "Won", "5", "2026-03-01"))
    for content in (heading, title):
        assert dict(understood(content).currencies) == {"EUR": 1}
        assert deal(content, currency="EUR") == (5, None)
        assert deal(content, answers=Answers(rates={"EUR": "2"}))[0] == 10


def test_somebody_says_which_currency_amounts_without_one_are_in():
    assert deal(one("5"), answers=Answers(currency="EUR", rates={"EUR": "2"}))[0] == 10
    assert understood(one("5"), answers=Answers(currency="EUR")).currency == "EUR"


@pytest.mark.parametrize(
    ("unit", "amount"), [("1", "15.00"), ("0.01", "0.15"), ("1000", "15000.00"), ("1000000", "15000000.00")]
)
def test_amounts_count_what_somebody_says_where_the_heading_names_a_part(unit, amount):
    content = table(
        ("id", "name", "stage", "amount (in k$)", "close date"), ("1", "A", "Won", "15", "2026-03-01")
    )
    assert needed(understood(content)) == ["amount_unit"]
    assert deal(content, answers=Answers(amount_unit=unit))[0] == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(
            ("1,054.00", 1054),
            ("1.054,00", 1054),
            ("1 054,00 $", 1054),
            ("1'054.–", 1054),
            ("$1,054.00", 1054),
        ),
        *(("1.5M", 1_500_000), ("1,5 Mio.", 1_500_000), ("250k", 250_000), ("12.500,-", 12_500)),
    ],
)
def test_an_amount_is_read_however_it_is_written(text, amount):
    assert deal(one(text))[0] == amount


@pytest.mark.parametrize("text", ["(1,054)", "-1,054", "1,054-", "($1,054.00)"])
def test_a_deal_below_zero_is_refused_with_row_column_and_reason(text):
    assert reasons(one(text)) == [
        f"Row 2: “{text}” is below zero, and a deal is worth zero or more (column “amount”)."
    ]

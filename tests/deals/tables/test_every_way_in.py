"""What an amount says is the same through every way in: typed, pasted, CSV, XLSX; goals, revenue, deals."""

from decimal import Decimal

import pytest

from deals.tables.amounts_and_days import Reading
from deals.tables.cells import CellError
from deals.tables.csv_reader import TableError
from tests.deals.ways_in import WAYS, as_deal, as_revenue, in_csv, in_xlsx, pasted, read_deals, read_revenue

EVERY_WAY = pytest.mark.parametrize("way", WAYS)
EVERY_FORM = pytest.mark.parametrize("form", [pasted, in_csv, in_xlsx])


@EVERY_WAY
@EVERY_FORM
@pytest.mark.parametrize(
    ("text", "currency", "problem"),
    [
        *(
            (text, "USD", "but the company uses USD")
            for text in ("A$5", "C$5", "HK$5", "R$5", "5 kr", "5 zł", "₹5")
        ),
        *(
            (text, "USD", "but the company uses USD")
            for text in ("¥5", "5 Euro", "5 TEUR", "5 k€", "5 pounds")
        ),
        *((text, "EUR", "but the company uses EUR") for text in ("5 US dollars", "$5", "5$k")),
        *((text, "CAD", "but the company uses CAD") for text in ("US$5", "5 US dollars")),
        *((text, "JPY", "but the company uses JPY") for text in ("CN¥5", "5元")),
        *((text, "EUR", "can mean different things") for text in ("5 TEUR", "5 T€", "5 bn €")),
        *((text, "USD", "is a percentage") for text in ("5%", "5 %")),
        *((text, "USD", "not an amount") for text in ("1e400", "nan", "∞", "-∞", "#REF!")),
    ],
)
def test_another_unit_is_refused(way, form, text, currency, problem):
    rows, read = WAYS[way]
    with pytest.raises(TableError, match=problem):
        read(form(rows(text)), currency=currency)
    with pytest.raises(CellError, match=problem):
        Reading.typed("en-US").amount(text, currency=currency)


@EVERY_WAY
@EVERY_FORM
@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        *((text, "USD", 5) for text in ("$5", "US$5", "5 USD", "5 US dollars", "USD 5", "\u200e$5", "５")),
        *((text, "USD", 5_000) for text in ("5k$", "$5k", "5$k", "5 thousand")),
        *((text, "EUR", 5) for text in ("5 €", "5 Euro", "EUR 5")),
        *((text, "JPY", 5) for text in ("¥5", "￥5", "5円")),
        *((text, "CNY", 5) for text in ("¥5", "5元")),
        *((text, "SEK", 5) for text in ("5 kr", "SEK 5")),
    ],
)
def test_the_companys_own_is_read(way, form, text, currency, amount):
    rows, read = WAYS[way]
    assert read(form(rows(text)), currency=currency) == amount
    assert Reading.typed("en-US").amount(text, currency=currency) == amount


@EVERY_WAY
@pytest.mark.parametrize(
    ("number_format", "currency", "problem"),
    [
        *(
            (code, "USD", "is in")
            for code in ("[$€-407] #,##0", '"kr" #,##0', "[$¥-zh-CN]0", "[$$-1009]0", "[$kr]0")
        ),
        *((code, "JPY", "is in CNY") for code in ("[$¥-804]0", "[$¥-zh-CN]0")),
        ("[$kr-414]0", "SEK", "is in NOK"),
        ("0%", "USD", "is a percentage"),
        ('0"k"', "USD", "is shown as thousands"),
    ],
)
def test_a_number_in_another_unit_is_refused(way, number_format, currency, problem):
    rows, read = WAYS[way]
    with pytest.raises(TableError, match=problem):
        read(in_xlsx(rows(5), number_format=number_format), currency=currency)


@EVERY_WAY
@pytest.mark.parametrize(
    ("number_format", "currency"),
    [
        ("[$€-407] #,##0", "EUR"),
        ('"kr" #,##0', "NOK"),
        ("[$¥-411]0", "JPY"),
        ('0,"k"', "USD"),
        ("[$$-1009]0", "CAD"),
    ],
)
def test_a_number_in_the_companys_own_is_read(way, number_format, currency):
    rows, read = WAYS[way]
    assert read(in_xlsx(rows(5000), number_format=number_format), currency=currency) == 5000


@EVERY_WAY
@EVERY_FORM
@pytest.mark.parametrize(
    ("heading", "problem"),
    [
        *((f"Amount {unit}", "but the company uses USD") for unit in ("(EUR)", "in €", "[kr]", "EUR")),
        ("Amount in TEUR", "(but the company uses USD|not in full)"),
        *((f"Amount {unit}", "not in full") for unit in ("(000s)", "in k$", "in thousands", "(T$)", "$000")),
    ],
)
def test_a_heading_in_another_unit_is_refused(way, form, heading, problem):
    rows, read = WAYS[way]
    with pytest.raises(TableError, match=f"Row [12]: .*{problem}"):
        read(form(rows(5, heading)))


@EVERY_WAY
@EVERY_FORM
@pytest.mark.parametrize("heading", ["Amount (USD)", "Amount in $", "Amount in US dollars"])
def test_a_heading_in_the_companys_own_is_read(way, form, heading):
    rows, read = WAYS[way]
    assert read(form(rows(5, heading))) == 5


@pytest.mark.parametrize("heading", ["Betrag in €", "Umsatz in TEUR"])
def test_german_headings_of_revenue_name_their_unit(heading):
    with pytest.raises(TableError, match="but the company uses USD"):
        read_revenue(pasted(as_revenue(5, heading)))


@EVERY_FORM
@pytest.mark.parametrize("title", ["Pipeline in TEUR", "All amounts in thousands", "Currency: EUR"])
def test_a_title_above_the_headings_in_another_unit_is_refused(form, title):
    with pytest.raises(TableError, match=r"Row 1: .*not in full|the file says EUR, but the company uses USD"):
        read_deals(form([[title, "", "", "", ""], *as_deal(5)]))


@EVERY_FORM
@pytest.mark.parametrize("way", ["revenue", "deals"])
@pytest.mark.parametrize("code", ["EUR", "€", "Euro", "kr", "Canadian Dollar"])
@pytest.mark.parametrize("heading", ["Land", "Currency", "Währung"])
def test_a_column_of_currencies_is_one_whatever_its_heading(way, form, code, heading):
    head, row = WAYS[way][0](5)
    with pytest.raises(TableError, match="but the company uses USD"):
        WAYS[way][1](form([[*head, heading], [*row, code]]))


@EVERY_FORM
@pytest.mark.parametrize("way", ["revenue", "deals"])
@pytest.mark.parametrize("code", ["USD", "$", "US Dollar", "usd"])
def test_a_column_of_the_companys_own_currency_is_read(way, form, code):
    head, row = WAYS[way][0](5)
    assert WAYS[way][1](form([[*head, "Currency"], [*row, code]])) == Decimal(5)


@EVERY_FORM
@pytest.mark.parametrize("name", ["Nor\u200bth", "North\ufe0f", "NORTH", "\u200eNorth", "Ｎorth"])
def test_a_team_is_known_with_signs_that_nobody_sees(form, name):
    assert WAYS["goals"][1](form([["Team", "Jan 2027"], [name, 5]])) == 5
    assert read_revenue(form([["Date", "Amount", "Team"], ["2026-11-20", 5, name]])) == 5

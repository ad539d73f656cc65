"""What stands beside figures: a currency, thousands of it, or nothing that is known."""

import pytest

from alignment.rules.currencies import UNCLEAR, Unit, is_called, is_currency, read_unit
from alignment.rules.money import AmountError, Marks, parse_amount


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", Unit()),
        ("EUR", Unit("EUR")),
        ("US dollars", Unit("US dollars")),
        ("A$", Unit("A$")),
        ("kr", Unit("kr")),
        ("Kč", Unit("Kč")),
        ("k€", Unit("€", 1_000)),
        ("$k", Unit("$", 1_000)),
        ("Tsd. €", Unit("€", 1_000)),
        ("EUR thousands", Unit("EUR", 1_000)),
        ("Mio. EUR", Unit("EUR", 1_000_000)),
        ("TEUR", Unit("EUR", UNCLEAR)),
        ("T€", Unit("€", UNCLEAR)),
        ("000s", Unit("", UNCLEAR)),
        ("€'000", Unit("€", UNCLEAR)),
        ("$\ufe0f", Unit("$\ufe0f")),
    ],
)
def test_a_unit_is_known_by_its_code_its_sign_its_name_and_its_scale(text, unit):
    assert read_unit(text) == unit


@pytest.mark.parametrize("text", ["apples", "%", "all", "Won", "top", "kk", "\u202e", "\ufe0f", "note"])
def test_a_word_that_only_looks_like_one_is_no_unit(text):
    assert read_unit(text) is None


@pytest.mark.parametrize(
    ("name", "currency"),
    [
        *(("$", code) for code in ("USD", "CAD", "MXN", "AUD")),
        *(("kr", code) for code in ("SEK", "NOK", "DKK")),
        *(("¥", code) for code in ("JPY", "CNY")),
        *(("A$", "AUD"), ("C$", "CAD"), ("HK$", "HKD"), ("R$", "BRL"), ("zł", "PLN"), ("₹", "INR")),
        *(("US dollars", "USD"), ("US-Dollar", "USD"), ("dollars", "CAD"), ("Euro", "EUR"), ("euros", "EUR")),
        *(("Pfund", "GBP"), ("Franken", "CHF"), ("kronor", "SEK"), ("円", "JPY"), ("元", "CNY")),
    ],
)
def test_a_currency_is_called_as_people_call_it(name, currency):
    assert is_called(name, currency)
    assert is_currency(name)


@pytest.mark.parametrize(
    ("name", "currency"),
    [
        *(("A$", "USD"), ("A$", "ARS"), ("C$", "CLP"), ("HK$", "USD"), ("R$", "USD"), ("US$", "CAD")),
        *(("CN¥", "JPY"), ("元", "JPY"), ("円", "CNY"), ("kr", "CZK"), ("$", "EUR"), ("Euro", "USD")),
        *(("US dollars", "CAD"), ("Canadian dollars", "USD"), ("dollars", "EUR"), ("pounds", "USD")),
    ],
)
def test_and_not_as_another_is_called(name, currency):
    assert not is_called(name, currency)


@pytest.mark.parametrize(
    ("text", "currency", "about"),
    [
        *(
            (text, "USD", "but the company uses USD")
            for text in ("A$5", "C$5", "HK$5", "R$5", "5 kr", "5 zł")
        ),
        *(
            (text, "USD", "but the company uses USD")
            for text in ("₹5", "¥5", "5 Euro", "5 Pfund", "5 TEUR", "R 5")
        ),
        *((text, "EUR", "but the company uses EUR") for text in ("5 US dollars", "5 Dollar", "$5k", "5 k$")),
        *(
            (text, "EUR", "can mean different things")
            for text in ("5 TEUR", "5 T€", "5 bn", "5 Mrd. €", "5mm")
        ),
        *((text, "USD", "is a percentage") for text in ("5%", "5 %", "% 0.5")),
        *(
            (text, "USD", "is not an amount")
            for text in ("1e400", "nan", "∞", "$∞", "k5k", "$5 apples", "7\ufe0f")
        ),
    ],
)
def test_an_amount_beside_another_unit_is_refused(text, currency, about):
    with pytest.raises(AmountError) as refusal:
        parse_amount(text, currency=currency, marks=Marks.habit("en-US"))
    assert about in refusal.value.about


@pytest.mark.parametrize(
    "text", ["5$k", "$5k", "5k$", "5 k$", "$k 5", "5 thousand dollars", "USD 5k", "5 Tsd. $"]
)
def test_thousands_may_stand_on_either_side_of_the_sign(text):
    assert parse_amount(text, currency="USD", marks=Marks.habit("en-US")) == 5_000

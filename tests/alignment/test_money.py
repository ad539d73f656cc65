from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.money import BadAmount, compact, parse_amount, show

NBSP = "\N{NO-BREAK SPACE}"
LOCALES = ["en_US", "en-gb", "de_DE", "fr_FR", "de_CH", "sv_SE", "en_IN", "es_ES", "pl_PL", "nl_NL"]


@pytest.mark.parametrize(
    ("text", "locale", "amount"),
    [
        ("1,234.50", "en_US", "1234.50"),
        ("1 234,50", "en_US", "1234.50"),
        ("1 234,50", "fr_FR", "1234.50"),
        (f"1\u202f234,50{NBSP}€", "fr_FR", "1234.50"),
        ("1.234,50", "de_DE", "1234.50"),
        ("1.234,50", "en_US", "1234.50"),
        ("1,234", "en_US", "1234"),
        ("1.234", "de_DE", "1234"),
        ("12,5", "en_US", "12.5"),
        ("1,234,567", "de_DE", "1234567"),
        ("12,34,567", "en_IN", "1234567"),
        ("CHF 1’234.50", "de_CH", "1234.50"),
        ("1 234 kr", "sv_SE", "1234"),
        ("$1.2m", "en_US", "1200000"),
        ("250k", "en_US", "250000"),
        ("1.2345K €", "en_US", "1234.50"),
        ("1.234m", "en_US", "1234000"),
        ("1,25 m", "de_DE", "1250000"),
        (".5", "en_US", "0.5"),
        ("007", "en_US", "7"),
        ("+5", "en_US", "5"),
        ("-0", "en_US", "0"),
        ("￥１２３", "ja_JP", "123"),
        ("9999999999999.99", "en_US", "9999999999999.99"),
    ],
)
def test_an_amount_is_read_as_people_type_it(text: str, locale: str, amount: str) -> None:
    assert parse_amount(text, locale=locale) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter an amount"),
        ("   ", "Enter an amount"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("1e400", "not an amount"),
        ("0x10", "not an amount"),
        ("about 5", "not an amount"),
        ("5 apples", "not an amount"),
        ("5\x00", "not an amount"),
        ("\u202e5", "not an amount"),
        ("1\u200b2", "not an amount"),
        ("²", "not an amount"),
        ("٣", "not an amount"),
        ("1-2", "not an amount"),
        ("1,2,3", "not an amount"),
        ("1.2.3", "not an amount"),
        ("1,23,4.5", "not an amount"),
        ("1 234.567,89", "not an amount"),
        ("5.", "not an amount"),
        ("$", "not an amount"),
        ("5 kk", "not an amount"),
        ("1.005", "two decimals"),
        ("1,234.567", "two decimals"),
        ("10000000000000", "too large"),
        ("1234567890123456", "too large"),
        ("9" * 5000, "too large"),
        ("99999999m", "too large"),
        ("-5", "zero or more"),
        ("−$5", "zero or more"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadAmount, match=sentence):
        parse_amount(text, locale="en_US")


def test_a_point_that_is_a_decimal_mark_elsewhere_is_never_guessed() -> None:
    with pytest.raises(BadAmount, match="two decimals"):
        parse_amount("1,234", locale="de_DE")


@pytest.mark.parametrize("text", ["-5", "−5", "-$5", "$-5", "$ −5.00", "-5 k$"])
def test_a_negative_amount_is_read_only_where_it_is_allowed(text: str) -> None:
    amount = parse_amount(text, locale="en_US", allow_negative=True)
    assert amount == (Decimal(-5000) if "k" in text else Decimal(-5))


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_sentence(text: str) -> None:
    try:
        parse_amount(text, locale="en_US")
    except BadAmount as refusal:
        sentence = str(refusal)
    else:
        sentence = "An amount."
    assert sentence.endswith(".")


@given(
    st.decimals(Decimal("-1e12"), Decimal("1e12"), places=2),
    st.sampled_from(LOCALES),
    st.sampled_from(["USD", "EUR", "CHF", "SEK"]),
)
def test_what_is_shown_in_full_can_be_typed_back(amount: Decimal, locale: str, currency: str) -> None:
    shown = show(amount, currency=currency, locale=locale)
    assert parse_amount(shown, locale=locale, allow_negative=True) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("1234567", "USD", "en_US", "$1,234,567"),
        ("1234567.00", "USD", "en-us", "$1,234,567"),
        ("1234.5", "USD", "en_US", "$1,234.50"),
        ("-1234.5", "USD", "en_US", "−$1,234.50"),
        ("0", "USD", "en_US", "$0"),
        ("-0.004", "USD", "en_US", "$0"),
        ("0.005", "USD", "en_US", "$0.01"),
        ("1234567", "EUR", "de_DE", f"1.234.567{NBSP}€"),
        ("-1234567.5", "EUR", "de_DE", f"−1.234.567,50{NBSP}€"),
        ("1234567", "JPY", "ja_JP", "￥1,234,567"),
        ("1234567.5", "JPY", "ja_JP", "￥1,234,568"),
        ("-5", "EUR", "nl_NL", f"€{NBSP}−5"),
    ],
)
def test_an_amount_in_full(amount: str, currency: str, locale: str, text: str) -> None:
    assert show(Decimal(amount), currency=currency, locale=locale) == text


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("1840000", "USD", "en_US", "$1.84M"),
        ("1844999", "USD", "en_US", "$1.84M"),
        ("1845000", "USD", "en_US", "$1.85M"),
        ("2900000", "USD", "en_US", "$2.90M"),
        ("212345", "USD", "en_US", "$212K"),
        ("-212345", "USD", "en_US", "−$212K"),
        ("20000", "USD", "en_US", "$20.0K"),
        ("999499", "USD", "en_US", "$999K"),
        ("999500", "USD", "en_US", "$1.00M"),
        ("999.5", "USD", "en_US", "$1.00K"),
        ("950.49", "USD", "en_US", "$950"),
        ("-0.4", "USD", "en_US", "$0"),
        ("1840000", "EUR", "de_DE", f"1,84{NBSP}Mio.{NBSP}€"),
        ("212345", "EUR", "de_DE", f"212.345{NBSP}€"),
        ("-2000000", "EUR", "fr_FR", f"−2,00{NBSP}M{NBSP}€"),
        ("1840000", "JPY", "ja_JP", "￥184万"),
        ("12345678", "JPY", "ja_JP", "￥1230万"),
        ("1840000", "INR", "en_IN", "₹18.4L"),
    ],
)
def test_an_amount_in_short(amount: str, currency: str, locale: str, text: str) -> None:
    assert compact(Decimal(amount), currency=currency, locale=locale) == text


@pytest.mark.parametrize(
    ("amount", "text"), [("38000", "+$38.0K"), ("-38000", "−$38.0K"), ("0", "$0"), ("12", "+$12")]
)
def test_a_difference_carries_its_sign(amount: str, text: str) -> None:
    assert compact(Decimal(amount), currency="USD", locale="en_US", signed=True) == text


@given(st.decimals(Decimal("-1e13"), Decimal("1e13"), places=2), st.sampled_from([*LOCALES, "ja_JP"]))
def test_every_amount_has_a_short_form_with_its_own_sign(amount: Decimal, locale: str) -> None:
    text = compact(amount, currency="EUR", locale=locale, signed=True)
    assert ("−" in text) == (amount <= Decimal("-0.5"))
    assert ("+" in text) == (amount >= Decimal("0.5"))
    assert "-" not in text

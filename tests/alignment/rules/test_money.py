from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alignment.rules.money import AmbiguousAmount, AmountError, Marks, compact, parse_amount, show

NBSP = "\N{NO-BREAK SPACE}"
LOCALES = ["en_US", "en-gb", "de_DE", "fr_FR", "de_CH", "sv_SE", "en_IN", "es_ES", "pl_PL", "nl_NL"]


def read(text, locale="en_US", currency="USD", **more):
    return parse_amount(text, currency=currency, marks=Marks.habit(locale), **more)


@pytest.mark.parametrize(
    ("text", "locale", "currency", "amount"),
    [
        ("1,234.50", "en_US", "USD", "1234.50"),
        ("1 234,50", "en_US", "USD", "1234.50"),
        ("1 054", "en_US", "USD", "1054"),
        ("1 234,50", "fr_FR", "EUR", "1234.50"),
        ("100 200", "fr_FR", "EUR", "100200"),
        (f"1\u202f234,50{NBSP}€", "fr_FR", "EUR", "1234.50"),
        ("1.234,50", "de_DE", "EUR", "1234.50"),
        ("1.234,50", "en_US", "USD", "1234.50"),
        ("1,234", "en_US", "USD", "1234"),
        ("1.234", "de_DE", "EUR", "1234"),
        ("12,5", "en_US", "USD", "12.5"),
        ("1,234,567", "de_DE", "EUR", "1234567"),
        ("12,34,567", "en_IN", "INR", "1234567"),
        ("CHF 1’234.50", "de_CH", "CHF", "1234.50"),
        ("1 234 kr", "sv_SE", "SEK", "1234"),
        ("$1.2m", "en_US", "USD", "1200000"),
        ("250k", "en_US", "USD", "250000"),
        ("1.2345K €", "en_US", "EUR", "1234.50"),
        ("1.234m", "en_US", "USD", "1234000"),
        ("1,25 m", "de_DE", "EUR", "1250000"),
        (".5", "en_US", "USD", "0.5"),
        ("007", "en_US", "USD", "7"),
        ("+5", "en_US", "USD", "5"),
        ("-0", "en_US", "USD", "0"),
        ("￥１２３", "ja_JP", "JPY", "123"),
        ("9999999999999.99", "en_US", "USD", "9999999999999.99"),
        ("US$1,000", "en_US", "USD", "1000"),
        ("1.000 $US", "de_DE", "USD", "1000"),
        ("$500", "en_CA", "CAD", "500"),
        ("C$ 500", "en_CA", "CAD", "500"),
        ("USD$500", "en_US", "USD", "500"),
        ("C$ 500", "en_US", "", "500"),
        ("1 234 zł", "pl_PL", "PLN", "1234"),
    ],
)
def test_an_amount_is_read_as_people_type_it(text, locale, currency, amount) -> None:
    assert read(text, locale, currency) == Decimal(amount)


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
        ("0.125", "two decimals"),
        ("1,234.567", "two decimals"),
        ("10000000000000", "too large"),
        ("1234567890123456", "too large"),
        ("9" * 5000, "too large"),
        ("99999999m", "too large"),
        ("-5", "zero or more"),
        ("−$5", "zero or more"),
        ("100\n200", "two amounts"),
        ("100 200", "two amounts"),
        ("1\t054", "two amounts"),
        ("A$1,000", "in A\\$, but amounts here are in USD"),
        ("MX$1,000", "in MX\\$"),
        ("₩1,000,000", "in ₩"),
        ("ＥＵＲ 500", "in EUR"),
        ("500 eur", "in eur"),
        ("5 kr", "in kr"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(AmountError, match=sentence):
        read(text)


@pytest.mark.parametrize(("text", "currency"), [("$500", "EUR"), ("500 £", "EUR"), ("¥5", "USD")])
def test_the_sign_of_another_currency_is_refused(text, currency) -> None:
    with pytest.raises(AmountError, match=f"amounts here are in {currency}"):
        read(text, currency=currency)


@pytest.mark.parametrize(
    ("text", "locale"), [("15.000", "en_US"), ("15,000", "de_DE"), ("2.500", "en_US"), ("1.250", "fr_FR")]
)
def test_one_mark_with_three_digits_behind_it_is_asked_about(text, locale) -> None:
    with pytest.raises(AmbiguousAmount, match=r"can be \d+ or \d"):
        read(text, locale)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("15.000", "This can be 15000 or 15. Write it as one of these."),
        ("1.250", "This can be 1250 or 1.25. Write it as one of these."),
        ("1.234", "This can be 1234 or 1.234. Write 1234, or at most two decimals."),
    ],
)
@pytest.mark.parametrize("currency", ["USD", "KWD"])
def test_what_is_advised_can_be_read(text, advice, currency) -> None:
    with pytest.raises(AmbiguousAmount) as question:
        read(text, currency=currency)
    assert str(question.value) == advice


@pytest.mark.parametrize("text", ["0.125", "1,234.567", "12.3456"])
def test_a_third_decimal_is_refused_also_where_the_currency_has_one(text) -> None:
    with pytest.raises(AmountError, match="at most two decimals: amounts are kept with no more"):
        read(text, currency="KWD")


@pytest.mark.parametrize(
    ("others", "text", "amount"),
    [
        (["1.250.000"], "15.000", 15000),
        (["12,50"], "15.000", 15000),
        (["12.50"], "15.000", 15),
        (["1.250.000,00"], "15,000", 15),
        (["1,250,000"], "15,000", 15000),
    ],
)
def test_the_other_amounts_of_a_table_prove_what_the_mark_means(others, text, amount) -> None:
    marks = Marks.proven([*others, text])
    assert parse_amount(text, currency="EUR", marks=marks) == amount


@pytest.mark.parametrize("others", [[], ["15.000", "7"], ["1.250,00", "1,250.00"]])
def test_amounts_that_do_not_agree_prove_nothing(others) -> None:
    assert Marks.proven(others) is None


def test_yen_have_no_decimals() -> None:
    with pytest.raises(AmountError, match="JPY has no decimals"):
        read("1234.50", currency="JPY")
    assert read("1234.00", currency="JPY") == 1234


@pytest.mark.parametrize("text", ["-5", "−5", "-$5", "$-5", "$ −5.00", "-5 k$"])
def test_a_negative_amount_is_read_only_where_it_is_allowed(text: str) -> None:
    assert read(text, allow_negative=True) == (Decimal(-5000) if "k" in text else Decimal(-5))


@given(st.text(max_size=30) | st.text("0123456789,. '’-k$", max_size=14))
@example("1,234.567,8")
@example("1.234 567")
@example("1.5'000")
def test_any_text_is_an_amount_or_a_sentence(text: str) -> None:
    try:
        read(text)
    except AmountError as refusal:
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
    assert read(shown, locale, currency, allow_negative=True) == amount


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
        ("1234.5", "KWD", "en_US", "KWD1,234.500"),
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
        ("2900000", "USD", "en_US", "$2.9M"),
        ("212345", "USD", "en_US", "$212K"),
        ("-212345", "USD", "en_US", "−$212K"),
        ("20000", "USD", "en_US", "$20K"),
        ("94999", "USD", "en_US", "$95K"),
        ("95500", "USD", "en_US", "$96K"),
        ("9200", "USD", "en_US", "$9.2K"),
        ("5000", "USD", "en_US", "$5K"),
        ("12340000", "USD", "en_US", "$12.3M"),
        ("999499", "USD", "en_US", "$999K"),
        ("999500", "USD", "en_US", "$1M"),
        ("999.5", "USD", "en_US", "$1K"),
        ("950.49", "USD", "en_US", "$950"),
        ("-0.4", "USD", "en_US", "$0"),
        ("1840000", "EUR", "de_DE", f"1,84{NBSP}Mio.{NBSP}€"),
        ("212345", "EUR", "de_DE", f"212.345{NBSP}€"),
        ("-2000000", "EUR", "fr_FR", f"−2{NBSP}M{NBSP}€"),
        ("1840000", "JPY", "ja_JP", "￥184万"),
        ("12345678", "JPY", "ja_JP", "￥1230万"),
        ("1840000", "INR", "en_IN", "₹18.4L"),
    ],
)
def test_an_amount_in_short(amount: str, currency: str, locale: str, text: str) -> None:
    assert compact(Decimal(amount), currency=currency, locale=locale) == text


@pytest.mark.parametrize(
    ("amount", "text"), [("38000", "+$38K"), ("-38000", "−$38K"), ("0", "$0"), ("12", "+$12")]
)
def test_a_difference_carries_its_sign(amount: str, text: str) -> None:
    assert compact(Decimal(amount), currency="USD", locale="en_US", signed=True) == text


@given(st.decimals(Decimal("-1e13"), Decimal("1e13"), places=2), st.sampled_from([*LOCALES, "ja_JP"]))
def test_every_amount_has_a_short_form_with_its_own_sign(amount: Decimal, locale: str) -> None:
    text = compact(amount, currency="EUR", locale=locale, signed=True)
    assert ("−" in text) == (amount <= Decimal("-0.5"))
    assert ("+" in text) == (amount >= Decimal("0.5"))
    assert "-" not in text


@pytest.mark.parametrize("text", ["1000+", "$1,000+", "1000 +", "1k+"])
def test_more_than_an_amount_is_no_amount(text):
    with pytest.raises(AmountError):
        parse_amount(text, currency="USD", marks=Marks.habit("en-US"))

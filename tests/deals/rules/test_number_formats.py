"""A number format names the currency of its numbers, or says that they are no amounts in full."""

import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS

from deals.rules.number_formats import NOT_IN_FULL, PERCENTAGE, NumberFormat, describe


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        *((code, "") for code in ("General", "0.00", "#,##0", "@", "[Red]0", "0.00E+00", "[$-407]#,##0.00")),
        *((BUILTIN_FORMATS[number], "") for number in (5, 7, 42, 44)),
        *(
            (code, "€")
            for code in ("[$€-407] #,##0", "#,##0 [$€-2]", "€#,##0", '#,##0.00 "€"', "#,##0\\ \\€")
        ),
        *((code, "kr") for code in ('"kr" #,##0', '#,##0" kr"', "[$kr] #,##0")),
        *((code, "EUR") for code in ("[$EUR] 0", '0 "EUR"', "0\\ \\E\\U\\R", '"EUR "#,##0', "[$EUR-409] 0")),
        *((code, "SEK") for code in ("#,##0 [$kr-41D]", "#,##0 [$kr-sv-SE]")),
        *((code, "NOK") for code in ("[$kr-414] #,##0", "[$kr-nb-NO] #,##0")),
        *((code, "CAD") for code in ("[$$-1009]#,##0", "[$$-en-CA]#,##0")),
        *((code, "USD") for code in ("[$$-409]#,##0", "[$$-en-US]#,##0", "[$$-2000409]#,##0")),
        *((code, "CNY") for code in ("[$¥-804]#,##0", "[$¥-zh-CN]#,##0")),
        *((code, "JPY") for code in ("[$¥-411]#,##0", "[$¥-ja-JP]#,##0")),
        *((code, "$") for code in ('"$"#,##0', "[$$]#,##0", "$#,##0.00", "[$$-407]0")),
        *((code, "zł") for code in ('#,##0 "zł"', "#,##0 zł")),
        ('_-* #,##0.00 "kr"_-;-* #,##0.00 "kr"_-', "kr"),
        ('#,##0" USD/year"', "USD"),
        ('0.0,"k€"', "€"),
        ('"net "0', ""),
    ],
)
def test_the_currency_of_a_format(code, currency):
    assert describe(code) == NumberFormat(currency)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        *(
            (code, PERCENTAGE)
            for code in ("0%", "0.00%", "0 %", '0"%"', BUILTIN_FORMATS[9], BUILTIN_FORMATS[10])
        ),
        *((code, NOT_IN_FULL) for code in ('0"k"', '0 "T$"', '#,##0.0" Mio."', "0\\k")),
        *((code, "") for code in ('0,"k"', '0.0,,"M"', '[>=1000000]0.0,,"M";[>=1000]0.0,"k";0')),
    ],
)
def test_a_format_that_shows_no_amount_in_full(code, problem):
    assert describe(code).problem == problem

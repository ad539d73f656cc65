"""One deal, however its id was written."""

import pytest

from deals.rules.identity import deal_key, is_placeholder, spellings


@pytest.mark.parametrize(
    ("written", "source", "key"),
    [
        ("0061U00000AbCdE", "salesforce", "0061U00000AbCdEQAV"),
        ("0061U00000AbCdEQAV", "salesforce", "0061U00000AbCdEQAV"),
        ("0061u00000abcdeQAV", "salesforce", "0061U00000AbCdEQAV"),
        ("006A", "salesforce", "006A"),
        ("1001", "", "1001"),
        ("1001.0", "", "1001"),
        ("1001.00", "hubspot", "1001"),
        ("7\u200b", "", "7"),
        (" 7\xa0", "", "7"),
        ("zcrm_7", "zoho", "7"),
        ("Mu\u0308-1", "", "Mü-1"),
        ("1.5", "", "1.5"),
    ],
)
def test_an_id_is_one_key(written, source, key):
    assert deal_key(written, source=source) == key


def test_a_key_is_known_in_the_ways_it_was_stored_before():
    assert {"0061U00000AbCdE", "0061U00000AbCdEQAV"} <= spellings("0061U00000AbCdEQAV", source="salesforce")
    assert "1001.0" in spellings("1001", source="")


@pytest.mark.parametrize("text", ["７", "7\ufe0f", "\u200e7", "7.0", " 7 ", "7\u200d", "'7", "’7'", '="7"'])
def test_signs_that_nobody_sees_and_the_width_of_digits_make_no_other_deal(text):
    assert deal_key(text, source="") == "7"


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "—",
        "n/a",
        "N/A",
        "NA",
        "null",
        "NULL",
        "none",
        "0",
        "0.0",
        "000",
        ".",
        "?",
        "(blank)",
        "…",
        "\ufe0f",
    ],
)
def test_what_stands_where_there_is_no_id_is_none(text):
    assert is_placeholder(deal_key(text, source=""))


@pytest.mark.parametrize("text", ["7", "10", "N-1", "A", "0061U00000AbCdEQAV", "none-7", "山1"])
def test_an_id_is_no_placeholder(text):
    assert not is_placeholder(deal_key(text, source=""))

"""A bad file changes nothing, and each bad row is named."""

import pytest

from alignment.models import Company
from deals.import_commands.deal_import import import_deals
from deals.models import Deal
from deals.tables.csv_reader import TableError
from tests.factories import NOW

HEADERS = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
TEAMS = b"sales_agent,manager\nMoses,Dustin\n"
GOOD = [f"A{n},Moses,GTX Basic,Isdom,Won,2026-01-05,2026-03-01,{n}" for n in range(2, 12)]

pytestmark = pytest.mark.django_db


def refused(content, **options):
    options = {"company_slug": "maven", "locale": ""} | options
    with pytest.raises(TableError) as refusal:
        import_deals(content, teams=TEAMS, now=NOW, dry_run=False, **options)
    assert not Deal.objects.exists()
    assert not Company.objects.exists()
    return "\n".join(refusal.value.sentences)


def with_row_seven(row):
    """A file whose seventh row, counted as a spreadsheet does, is `row`."""
    return "\n".join([HEADERS, *GOOD[:5], row, *GOOD[5:]]).encode()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "X,Moses,GTX,Isdom,Won,2026-01-05,31.31.2026,1",
            "Row 7: “31.31.2026” is not a day; write it as year-month-day",
        ),
        (
            "X,Moses,GTX,Isdom,Won,0001-01-01,2026-03-01,1",
            "Row 7: “0001-01-01” is outside the years 1990 to 2100 (column “engage_date”).",
        ),
        (
            "X,Moses,GTX,Isdom,Won,,2026-03-01,1e400",
            "Row 7: “1e400” is not an amount (column “close_value”).",
        ),
        (
            "X,Moses,GTX,Isdom,Won,,2026-03-01,-5",
            "Row 7: “-5” is below zero, and a deal is worth zero or more (column “close_value”).",
        ),
        (
            "X,Moses,GTX,Isdom,Won,,2026-11-24,5",
            "Row 7: the deal is won on 2026-11-24, which is in the future.",
        ),
        ("X,Moses,GTX,Isdom,Won,,,5", "Row 7: the deal is won, but “close_date” is empty."),
        ("X,Moses,GTX,Isdom,Won,,2026-03-01,", "Row 7: the deal is won, but “close_value” is empty."),
        (
            "X,Moses,GTX,Is\0dom,Won,,2026-03-01,5",
            "Row 7 has a character that cannot be stored (code 0).",
        ),
        (
            "X,Moses,GTX,Isdom,Closed,,2026-03-01,5",
            "The file does not say whether “Closed” means won, lost or open.",
        ),
        ("X,Moses,GTX,Isdom,,,2026-03-01,5", "Row 7: “deal_stage” is empty."),
        (
            ",Moses,GTX,Isdom,Won,,2026-03-01,5",
            "Row 7: “opportunity_id” is empty, so a later import could not recognise the deal.",
        ),
        (f"X,Moses,GTX,{'x' * 201},Won,,2026-03-01,5", "is longer than 200 characters (column “account”)."),
        ("A2,Moses,GTX,Isdom,Won,,2026-03-01,5", "Row 7: the deal “A2” is also in row 2, with other values."),
        ("X,Moses,GTX", "Row 7: there are 3 cells where the headers have 8."),
        (
            "X,Moses,GTX,Isdom,Won,,2026-03-01,5,and more",
            "Row 7: “and more” is under no header.",
        ),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_changed(row, sentence):
    assert sentence in refused(with_row_seven(row))


def test_every_wrong_row_is_named_up_to_twenty():
    said = refused(
        "\n".join(
            [
                HEADERS,
                *(row.replace(",Won,", ",Won,x").replace("A", f"B{n}") for n, row in enumerate(GOOD * 3)),
            ]
        ).encode()
    )
    assert said.count("Row ") == 20
    assert "And 10 more." in said


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01" * 300, b"PK\x03\x04rest", b"name,colour\nball,red\n", HEADERS.encode()]
)
def test_a_file_that_is_no_table_of_deals_is_refused(content):
    assert refused(content)


def test_the_same_row_twice_is_one_deal():
    import_deals(
        "\n".join([HEADERS, GOOD[0], GOOD[0]]).encode(),
        company_slug="maven",
        teams=TEAMS,
        locale="",
        now=NOW,
        dry_run=False,
    )
    assert Deal.objects.count() == 1


def test_days_that_can_be_read_in_two_ways_are_not_guessed():
    content = with_row_seven("X,Moses,GTX,Isdom,Won,,03/01/2026,5")
    assert "--locale en-GB" in refused(content)
    import_deals(content, company_slug="maven", teams=TEAMS, locale="en-GB", now=NOW, dry_run=False)
    assert Deal.objects.get(external_id="X").close_date.isoformat() == "2026-01-03"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"company_slug": "../x"}, "cannot be the short name"),
        ({"locale": "klingon"}, "is not a known locale"),
    ],
)
def test_bad_options_are_refused_in_words(options, sentence):
    assert sentence in refused(with_row_seven(GOOD[9].replace("A11", "X")), **options)


def test_a_missing_company_without_teams_is_not_made():
    with pytest.raises(TableError, match="There is no company “maven” yet"):
        import_deals(
            with_row_seven(GOOD[9]), company_slug="maven", teams=None, locale="", now=NOW, dry_run=False
        )

"""A table is read in one way throughout: a value, a question with its row, or a refusal."""

from decimal import Decimal

import pytest

from deals.tables.amounts_and_days import settle
from deals.tables.cells import CellError, day
from deals.tables.checks import check_currencies, check_whole
from deals.tables.csv_reader import Line, TableError, open_text
from deals.tables.files import EXPORTED, read_file, read_text
from deals.tables.questions import UNANSWERED, Answers, TableQuestion
from tests.speed import at_most


def settled(amounts=(), dates=(), *, currency="EUR", locale="en-US", answers=UNANSWERED, is_promised=True):
    return settle(
        amounts=list(enumerate(amounts, start=2)),
        dates=[dates],
        currency=currency,
        locale=locale,
        answers=answers,
        is_promised=is_promised,
    )


@pytest.mark.parametrize(
    ("amounts", "dates", "locale"),
    [
        (["15.000", "7"], [], "en-US"),
        (["15,000"], [], "de-DE"),
        (["15.000"], ["05.11.2026"], "en-US"),
        (["15,000"], ["05.11.2026"], "en-US"),
        (["1.250,00", "1,250.00", "15.000"], [], "en-US"),
    ],
)
def test_amounts_that_can_be_a_thousand_times_apart_are_asked_about(amounts, dates, locale):
    with pytest.raises(TableQuestion, match=r"Row \d: “15[.,]000” can be 15000 or 15") as question:
        settled(amounts, dates, locale=locale)
    assert question.value.key == "mark"


@pytest.mark.parametrize(
    ("rows", "shown"),
    [([2, 2, 2], "15."), ([2, 3], "15 (also row 3)."), ([2, 2, 3, 3, 4], "15 (also rows 3, 4).")],
)
def test_the_question_names_each_row_once(rows, shown):
    amounts = [(row, "15.000") for row in rows]
    with pytest.raises(TableQuestion) as question:
        settle(amounts=amounts, dates=[], currency="USD", locale="en-US", answers=UNANSWERED)
    assert f"can be 15000 or {shown}" in question.value.sentences[0]


@pytest.mark.parametrize(
    ("amounts", "answers", "value"),
    [
        (["1.250.000", "15.000"], UNANSWERED, 15_000),
        (["12,50", "15.000"], UNANSWERED, 15_000),
        (["12.50", "15.000"], UNANSWERED, 15),
        (["15.000"], Answers(mark=","), 15_000),
        (["15.000"], Answers(mark="."), 15),
        (["15,000"], UNANSWERED, 15_000),
    ],
)
def test_the_table_or_a_person_says_what_the_mark_means(amounts, answers, value):
    assert settled(amounts, answers=answers).amount(amounts[-1], currency="EUR") == value


@pytest.mark.parametrize("text", ["1.234", "1,234", "15.000"])
@pytest.mark.parametrize("locale", ["en-US", "de-DE", "fr-FR"])
def test_three_digits_behind_a_mark_are_asked_about_where_a_currency_has_three_decimals(text, locale):
    with pytest.raises(TableQuestion, match=r"can be \d+ or 1") as question:
        settled([text, "7"], currency="KWD", locale=locale)
    assert question.value.key == "mark"


@pytest.mark.parametrize(
    ("text", "others", "answers", "amount"),
    [
        ("1.234", ["1.250.000"], UNANSWERED, "1234"),
        ("1,234", ["12,345.500"], UNANSWERED, "1234"),
        ("1.234", [], Answers(mark=","), "1234"),
        ("1.230", [], Answers(mark="."), "1.23"),
        ("12.5", [], UNANSWERED, "12.5"),
    ],
)
def test_dinars_are_read_as_the_table_or_a_person_says(text, others, answers, amount):
    reading = settled([text, *others], currency="KWD", answers=answers)
    assert reading.amount(text, currency="KWD") == Decimal(amount)


@pytest.mark.parametrize(("text", "answers"), [("12.345", Answers(mark=".")), ("0.125", UNANSWERED)])
def test_a_third_decimal_of_dinars_is_refused_because_two_are_kept(text, answers):
    with pytest.raises(CellError, match="has more than two decimals, and amounts are kept with no more"):
        settled([text], currency="KWD", answers=answers).amount(text, currency="KWD")


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "de-DE"])
def test_days_are_read_in_the_readers_order_where_that_is_promised(locale):
    expected = "2026-03-04" if locale == "en-US" else "2026-04-03"
    assert settled(dates=["3/4/26"], locale=locale).day("3/4/26").isoformat() == expected


@pytest.mark.parametrize("locale", ["ja-JP", "sv-SE", "hu-HU", "en-CA"])
def test_two_digits_of_a_year_are_refused_where_dates_begin_with_the_year(locale):
    with pytest.raises(CellError, match="may begin or end with the year"):
        settled(dates=["05/01/26"], locale=locale).day("05/01/26")
    assert settled(dates=["05/13/2026"], locale=locale).day("05/13/2026").isoformat() == "2026-05-13"


def test_days_are_asked_about_where_no_order_is_promised():
    with pytest.raises(TableQuestion) as question:
        settled(dates=["3/4/2026"], is_promised=False)
    assert question.value.key == "order"


@pytest.mark.parametrize("dates", [["13/1/2026", "1/13/2026"], ["02.03.2025", "02/13/2025"]])
def test_a_column_has_one_order(dates):
    with pytest.raises(TableError, match="puts the day first"):
        settled(dates=dates)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("45000", "is a number, not a day"),
        ("45000.5", "is a number, not a day"),
        ("Marketing 5 2025", "is not a day"),
        ("2026-01-15 12:00 to 2026-03-31", "is not a day"),
    ],
)
def test_what_only_looks_like_a_day_is_none(text, problem):
    with pytest.raises(CellError, match=problem):
        day(text, month_leads=True)


def wide(text):
    table = read_text(text).lines
    check_whole(table[1:], table[0], amount_at=1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,amount,notes\n1,1,250,x", "Row 2: “x” is under no header"),
        ("id\tamount\t\n1\t5\tmore", "Row 2: “more” is under no header"),
        ("id,amount,notes\n1,1,250", "Row 2: “1,250” may be one amount or two cells"),
        ("id,amount,notes\n1,$1,250.00", "may be one amount or two cells"),
        ("id,amount,note\n1,1,250\n2,2,300\n3,3,400", "Row 2: “1,250” may be one amount or two cells"),
        ("id,amount,note\n1,15,50\n2,1234,50\n3,20,00", "Row 3: “1234,50” may be one amount or two cells"),
    ],
)
def test_nothing_written_is_ignored(text, problem):
    with pytest.raises(TableError, match=problem):
        wide(text)


@pytest.mark.parametrize(
    "text",
    [
        "id,amount,notes\n1,1250,250",
        "id;amount;notes\n1;1;250",
        "id,amount,probability\n1,100,100",
        "id,amount,employees\n1,100,100\n2,200,250\n3,300,400",
        "id,amount,order\n1,100,100\n2,200,4711\n3,300,400",
        'id,amount,notes\n1,"1,250",x',
    ],
)
def test_whole_rows_are_taken(text):
    wide(text)


@pytest.mark.parametrize("header", ["amount currency", "Deal Currency Code", "Währung", "x", ""])
def test_a_column_of_currency_codes_is_one_whatever_its_header(header):
    table = [Line(1, ("amount", header)), Line(2, ("5", "USD")), Line(3, ("5", "EUR"))]
    with pytest.raises(TableError, match=r"Row 3: .*EUR, but the company uses USD"):
        check_currencies(table[1:], table[0], "USD", used=[0])
    check_currencies(table[1:2], table[0], "USD", used=[0])


@pytest.mark.parametrize(
    "text",
    [
        'id,name,note\n1,A,x\n2,B,"fine\n3,C,y\n',
        'id,name,note\n1,A,x\n2,B,"fine\n3,C,"y"\n4,D,z\n',
        'id\tname\tnote\n1\tA\tx\n2\tB\t"fine\n3\tC\ty\n',
    ],
)
def test_a_quote_that_is_never_closed_is_named_by_the_row_where_it_opens(text):
    with pytest.raises(TableError, match="Row 3: a quote"):
        read_text(text)


def test_line_breaks_without_end_are_refused_soon():
    contents = (b"\n" * 19_000_000, b"id,amount\n" + b"\n" * 19_000_000, b"id,amount\r" + b"\r" * 19_000_000)
    with at_most(5):
        for content in (*contents, b"\r" * 19_000_000, b'"\r' * 9_000_000):
            with pytest.raises(TableError, match=r"empty|more than 200,000 rows"):
                read_file(content, EXPORTED)


@pytest.mark.parametrize(
    ("locale", "encoding"),
    [("pl-PL", "cp1250"), ("ru-RU", "cp1251"), ("de-DE", "cp1252"), ("tr-TR", "cp1254")],
)
def test_an_old_code_page_is_the_one_of_the_language_and_is_told(locale, encoding):
    word = {"cp1250": "Łódź", "cp1251": "Москва", "cp1252": "Müller", "cp1254": "İşbank"}[encoding]
    table = open_text(f"id;{word}".encode(encoding), locale=locale)
    assert table.text == f"id;{word}"
    assert word in table.note


def test_an_encoding_that_was_stated_is_taken_without_a_word():
    table = open_text("é".encode("mac-roman"), encoding="mac-roman")
    assert (table.text, table.note) == ("é", "")


def test_one_null_at_the_end_does_not_matter_and_one_inside_is_named():
    assert open_text(b"id,stage\n1,Won\n\0").text == "id,stage\n1,Won\n"
    with pytest.raises(TableError, match="Row 2 has a character that cannot be stored"):
        open_text(b"id,stage\n1,W\0n\n")


def test_letters_are_composed_at_the_door():
    assert read_text("Mu\u0308ller\t1").lines[0].cells[0] == "Müller"


def test_decimals_stay_exact():
    assert settled(["0.10"]).amount("0.10", currency="USD") == Decimal("0.10")

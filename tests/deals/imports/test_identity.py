"""Which rows are one deal: by the CRM's id, else by the columns that somebody says tell deals apart."""

import pytest

from deals.imports.answers import Answers
from tests.deals.imports.engine import needed, reasons, rows_of, table, understood, values

HEADERS = ("id", "name", "account", "stage", "amount", "close date")
BY_NAME = Answers(identity="name\naccount")


def without_ids(*rows):
    return table(HEADERS[1:], *rows)


def row(name="Plant", account="Brandt", amount="5"):
    return (name, account, "Won", amount, "2026-03-01")


def test_without_ids_somebody_says_which_columns_tell_deals_apart():
    understanding = understood(without_ids(row(), row(account="Orbis")))
    question = next(question for question in understanding.questions if question.key == "identity")
    assert question.choices == (
        ("name", "name: rows that stay equal are refused"),
        ("name\naccount", "name, account: each row is different"),
    )
    assert question.is_required


def test_a_key_is_the_same_however_the_cells_are_spelled_and_stays_within_its_length():
    first, *_ = values(without_ids(row("Plant  two")), answers=BY_NAME)
    again, *_ = values(without_ids(row("PLANT TWO", "brandt", "9")), answers=BY_NAME)
    long, *_ = values(without_ids(row("x" * 150, "y" * 150)), answers=BY_NAME)
    other, *_ = values(without_ids(row("x" * 150, "y" * 149 + "z")), answers=BY_NAME)
    assert first.external_id == again.external_id == "=plant two | brandt"
    assert len(long.external_id) == len(other.external_id) == 100
    assert long.external_id != other.external_id


def test_rows_that_stay_equal_are_refused_together():
    content = without_ids(row(), row(amount="7"), row("Other"), row())
    assert reasons(content, answers=BY_NAME) == [
        "Row 2: nothing tells this deal apart from the one in row 3.",
        "Row 3: nothing tells this deal apart from the one in row 2.",
        "Row 5: nothing tells this deal apart from the one in row 2.",
    ]
    assert [deal.name for deal in values(content, answers=BY_NAME)] == ["Other"]


def test_equal_rows_without_ids_are_refused_even_when_they_say_the_same():
    assert len(reasons(without_ids(row(), row()), answers=BY_NAME)) == 1


def test_an_answer_with_a_column_that_is_gone_is_asked_again():
    assert needed(understood(without_ids(row()), answers=Answers(identity="name\ncity"))) == ["identity"]


def test_deals_of_one_name_stay_apart_by_their_ids():
    content = table(HEADERS, ("1", *row()), ("2", *row()))
    assert [deal.external_id for deal in values(content)] == ["1", "2"]


def test_rows_of_one_id_that_disagree_are_refused_together():
    content = table(HEADERS, ("1", *row()), ("1", *row(amount="7")), ("2", *row()))
    assert reasons(content) == [
        "Row 2: the deal “1” is also in row 3, with other values.",
        "Row 3: the deal “1” is also in row 2, with other values.",
    ]


def test_rows_of_one_id_that_agree_are_one_deal_and_that_is_told():
    """A report of products or activities repeats the deal."""
    content = table((*HEADERS, "product"), ("1", *row(), "Pump"), ("1", *row(), "Valve"))
    assert len(values(content)) == 1
    repeated = rows_of(content)[1]
    assert (repeated.category, repeated.reason) == ("repeated", "Row 3: the same as row 2.")


@pytest.mark.parametrize("key", ["1.2E+17", "1,23E+11", "########", "#N/A", "#REF!"])
def test_an_id_that_a_spreadsheet_has_changed_is_refused_with_the_reason(key):
    assert (
        "a spreadsheet has changed it. Format that column as text"
        in reasons(table(HEADERS, (key, *row())))[0]
    )


@pytest.mark.parametrize("key", ["'1001", " 1001 ", "1001.0", "1001\u200b", "１００１"])
def test_apostrophes_and_blanks_around_an_id_fall_away(key):
    assert values(table(HEADERS, (key, *row())))[0].external_id in ("1001", "'1001")


def test_the_ids_of_accounts_are_kept_with_their_deals():
    headers = ("Opportunity ID", "Opportunity Name", "Account ID", "Stage", "Amount", "Close Date")
    rows = [
        ("006A", "A", account, "Closed Won", "5", "3/13/2026")
        for account in ("0011U00000AbCdE", "000000000000000AAA", "")
    ]
    content = table(headers, *((f"{n}{row[0]}", *row[1:]) for n, row in enumerate(rows)))
    assert [deal.account_id for deal in values(content)] == ["0011U00000AbCdEQAV", "", ""]

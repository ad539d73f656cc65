"""What real tables look like: titles, sums, groups, hidden and merged cells, encodings and separators."""

import io
from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from deals.imports.answers import UNANSWERED, Answers
from tests.deals.imports.engine import lines, needed, reasons, rows_of, table, understood, values

HEADERS = ("id", "name", "stage", "amount", "close date")
DEAL = ("1", "Plant two", "Won", "1250.50", "2026-03-01")


def workbook(*rows, prepare=lambda book: None):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    prepare(book)
    book.save(out)
    return out.getvalue()


def test_titles_above_and_sums_notes_and_blank_rows_below_are_left_out_and_told():
    content = lines(
        '"My pipeline",,,,',
        '"As of 2026-11-20",,,,',
        "",
        ",".join(HEADERS),
        ",".join(DEAL),
        ",,,,",
        '"Grand Totals (1 records)",,,"1,250.50",',
        '"Confidential Information - Do Not Distribute",,,,',
        '"Copyright © 2000-2026",,,,',
    )
    understanding = understood(content)
    assert (understanding.header_row, understanding.row_count) == (4, 1)
    assert [(part.sentence, part.rows) for part in understanding.left_out] == [
        ("2 rows above the headers.", (1, 2)),
        ("1 row left out as sums: row 7: Grand Totals (1 records), 1,250.50.", (7,)),
        (
            (
                "2 rows left out as notes below the table: row 8: Confidential Information - Do Not Distribute; "
                "row 9: Copyright © 2000-2026."
            ),
            (8, 9),
        ),
    ]
    assert [row.category for row in rows_of(content)] == ["", "sum", "note", "note"]


def test_rows_without_anything_that_is_read_are_left_out():
    """A list in one field goes on in rows of its own."""
    content = table((*HEADERS, "tags"), (*DEAL, "one"), ("", "", "", "", "", "two"))
    assert [row.category for row in rows_of(content)] == ["", "nothing"]


def test_headers_that_stand_again_are_left_out():
    content = table(HEADERS, DEAL, HEADERS, ("2", *DEAL[1:]))
    assert [deal.external_id for deal in values(content)] == ["1", "2"]
    assert rows_of(content)[1].category == "heading"


GROUPED = (
    ("owner", "id", "name", "stage", "amount", "close date"),
    ("Anna", "1", "A", "Won", "5", "2026-03-01"),
    ("", "2", "B", "Won", "5", "2026-03-01"),
    ("Subtotal", "", "", "", "10", ""),
    ("Tom", "3", "C", "Won", "5", "2026-03-01"),
    ("", "4", "D", "Won", "5", "2026-03-01"),
    ("Subtotal", "", "", "", "10", ""),
    ("Grand Total", "", "", "", "20", ""),
)


def test_a_grouped_report_says_the_value_of_a_group_once():
    assert [deal.owner for deal in values(table(*GROUPED))] == ["Anna", "Anna", "Tom", "Tom"]
    understanding = understood(table(*GROUPED))
    assert understanding.notes == ("“owner” stands once a group and was read for all rows of it.",)
    assert dict(understanding.owners) == {"Anna": 2, "Tom": 2}


def test_what_only_looks_like_groups_is_asked_about():
    rows = [row for row in GROUPED if not row[0].endswith(("Subtotal", "Total"))]
    more = [("", f"{n}", "E", "Won", "5", "2026-03-01") for n in range(10, 14)]
    content = table(*rows, *more)
    assert needed(understood(content)) == ["groups"]
    assert values(content, answers=Answers(groups="fill"))[-1].owner == "Tom"
    assert values(content, answers=Answers(groups="leave"))[-1].owner == ""


def test_an_owner_that_is_empty_here_and_there_is_no_group():
    rows = [("Anna" if n % 3 else "", str(n), "A", "Won", "5", "2026-03-01") for n in range(1, 10)]
    content = table(GROUPED[0], *rows, ("Total", "", "", "", "45", ""))
    assert needed(understood(content)) == []
    assert [deal.owner for deal in values(content)].count("") == 3


def test_rows_that_head_a_group_are_left_out():
    content = table(
        ("External ID", "Opportunity", "Stage", "Expected Revenue", "Expected Closing", "Closed Date"),
        ("Won (2)", "", "", "7", "", ""),
        ("1", "A", "Won", "3", "", "2026-03-01"),
        ("2", "B", "Won", "4", "", "2026-03-02"),
    )
    assert [row.category for row in rows_of(content)] == ["group", "", ""]


def test_a_board_of_monday_is_read_without_its_subitems_and_sums():
    content = workbook(
        ["Deals"],
        ["All the deals of the team"],
        ["Closed Won"],
        ["Name", "Subitems", "Item ID (auto generated)", "Stage", "Deal Value", "Close Date"],
        ["Plant", "Step one", "1", "Won", 100, datetime(2026, 3, 1)],
        ["Subitems", "Name", "Item ID (auto generated)", "Status"],
        ["", "Step one", "991", "Done"],
        ["Rollout", "", "2", "Won", 50, datetime(2026, 3, 2)],
        ["", "", "", "", 150],
        ["Open"],
        ["Name", "Subitems", "Item ID (auto generated)", "Stage", "Deal Value", "Close Date"],
        ["Pilot", "", "3", "Discovery", 70, datetime(2026, 12, 2)],
    )
    assert [(deal.external_id, deal.amount) for deal in values(content)] == [("1", 100), ("2", 50), ("3", 70)]


def test_cells_merged_over_rows_stand_in_each_of_them():
    content = workbook(
        ["owner", *HEADERS],
        ["Anna", *DEAL],
        [None, "2", *DEAL[1:]],
        ["Tom", "3", *DEAL[1:]],
        prepare=lambda book: book.active.merge_cells("A2:A3"),
    )
    assert [deal.owner for deal in values(content)] == ["Anna", "Anna", "Tom"]
    assert understood(content).notes == ("1 row filled from merged cells above.",)


def test_dates_and_numbers_of_a_workbook_are_what_they_are_also_from_1904():
    def set_epoch(book):
        book.epoch = CALENDAR_MAC_1904

    for prepare in (lambda book: None, set_epoch):
        content = workbook(HEADERS, ["1", "A", "Won", 1250.5, datetime(2026, 3, 1)], prepare=prepare)
        (deal,) = values(content)
        assert (float(deal.amount), deal.close_date.isoformat()) == (1250.5, "2026-03-01")


def test_sheets_and_hidden_rows_are_asked_about_together_with_everything_else():
    def prepare(book):
        book.active.row_dimensions[2].hidden = True
        book.create_sheet("Old").append(["x"])

    content = workbook(HEADERS, ["1", "A", "Signed", 5, "2026-03-01"], ["2", *DEAL[1:]], prepare=prepare)
    understanding = understood(content)
    assert needed(understanding) == ["worksheet", "hidden", "stages:Signed"]
    assert understanding.worksheets == ("Sheet", "Old")
    answers = Answers(worksheet="Sheet", hidden="leave-out")
    assert [deal.external_id for deal in values(content, answers=answers)] == ["2"]
    assert "1 hidden row (2) left out." in [
        part.sentence for part in understood(content, answers=answers).left_out
    ]


def test_the_hidden_columns_of_dynamics_hold_its_ids_and_need_no_answer():
    def prepare(book):
        for letter in "ABC":
            book.active.column_dimensions[letter].hidden = True

    content = workbook(
        [
            *("(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On"),
            *("Topic", "Status", "Est. Revenue", "Est. Close Date"),
        ],
        ["b6b5-1", "x=", datetime(2026, 3, 1), "A", "Open", 5, datetime(2026, 12, 1)],
        prepare=prepare,
    )
    assert needed(understood(content)) == []
    assert values(content)[0].external_id == "b6b5-1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_encoding_and_separator_is_read(encoding, delimiter):
    content = table(HEADERS, ("1", "Brücke über den Fluß", *DEAL[2:]), delimiter=delimiter, encoding=encoding)
    answers = UNANSWERED.with_answer("encoding", encoding) if encoding == "mac-roman" else UNANSWERED
    assert values(content, answers=answers)[0].name == "Brücke über den Fluß"


def test_a_code_page_that_was_a_guess_is_shown_with_the_others():
    content = table(HEADERS, ("1", "Müller", *DEAL[2:]), encoding="mac-roman")
    question = next(question for question in understood(content).questions if question.key == "encoding")
    assert dict(question.choices)["mac-roman"] == "Müller"
    assert not question.is_required


def test_a_separator_that_somebody_names_is_taken():
    content = lines("id¦name¦stage¦amount¦close date", "1¦A¦Won¦5¦2026-03-01")
    assert values(content, answers=Answers(separator="¦"))[0].amount == 5


def test_rows_that_the_crm_has_deleted_are_left_out_with_who_they_are():
    content = table((*HEADERS, "deleted"), (*DEAL, "yes"), ("2", *DEAL[1:], "no"))
    content = content.replace(
        b"id,name,stage,amount,close date,deleted", b"Id,Name,StageName,Amount,CloseDate,IsDeleted"
    )
    content = content.replace(b",Won,", b",Closed Won,")
    deleted, good = rows_of(content)
    assert (deleted.category, deleted.values.external_id, deleted.values.status) == (
        "deleted",
        "1",
        "withdrawn",
    )
    assert good.values.external_id == "2"


def test_an_amount_cut_in_two_by_its_own_comma_is_refused():
    content = lines("id,name,stage,close date,amount,notes", "1,A,Won,2026-03-01,1,250")
    (reason,) = reasons(content)
    assert reason == (
        "Row 2: “1,250” may be one amount or two cells: “250” stands under “notes”. Put quotes around amounts "
        "with commas, or export the file with semicolons."
    )


def test_a_row_wider_than_the_headers_by_the_comma_of_its_amount_says_so():
    content = lines(
        "id,name,stage,amount,close date", "1,A,Open,1,250,2027-03-01", "2,B,Open,7000,2027-03-01"
    )
    (reason,) = reasons(content)
    assert reason.startswith(
        "Row 2: “1,250” seems to be one amount without quotes, so the row has more cells"
    )


def test_a_number_beside_the_amount_is_its_own_where_a_day_further_on_stands_in_its_column():
    rows = ("1,A,Open,500,10,2027-03-01", "2,B,Open,7000,,2027-03-01", "3,C,Open,70,hot,2027-03-01")
    content = lines("id,name,stage,amount,rating,close date", *rows)
    assert [deal.amount for deal in values(content)] == [500, 7000, 70]

"""Goals go out as CSV and XLSX and come back the same; no file is a formula, a bomb or a fault."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from alignment.models import Entry, Goal
from alignment.rules.spreadsheet import is_formula
from deals.tables import files, writer
from deals.tables.csv_reader import TableError
from tests.factories import NOW, make_team

pytestmark = pytest.mark.django_db
EXPORT, PASTE, APPLY = (f"/setup/demo/goals/{each}/" for each in ("export", "paste", "apply"))
NAMES = ["=1+1", "+North", "-South", "@team", "Ümläut; & “Co”", 'A "quoted", name']


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(cast, as_):
    return as_(cast.admin)


def uploaded(client, content, name="goals.xlsx", **answers):
    return client.post(PASTE, {"year": 2027, "file": SimpleUploadedFile(name, content)} | answers)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_what_was_exported_is_imported_the_same(cast, admin, kind, locale):
    cast.admin.locale = locale
    cast.admin.save()
    for number, name in enumerate(NAMES):
        team = make_team(company=cast.company, name=name)
        Goal.objects.create(
            team=team, month=date(2027, number + 1, 1), amount=Decimal("1234.50") * (number + 1)
        )
    stored = set(Goal.objects.values_list("team", "month", "amount"))
    file = admin.post(EXPORT, {"year": 2027, "kind": kind}).getvalue()
    Goal.objects.all().delete()
    page = uploaded(admin, file)
    admin.post(APPLY, {"year": 2027, "changes": page.context["proposal"].text})
    assert set(Goal.objects.values_list("team", "month", "amount")) == stored


@pytest.mark.parametrize(("answer", "number"), [("read", 2), ("leave-out", 1)])
def test_hidden_rows_of_a_workbook_are_asked_about(cast, admin, answer, number):
    book, out = Workbook(), io.BytesIO()
    for row in (["Team", "Jan"], ["North", 5], ["South", 6]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(out)
    page = uploaded(admin, out.getvalue())
    assert (page.status_code, page.context["form"]["hidden"].is_hidden) == (422, False)
    assert "The sheet has 1 hidden row (3)" in page.text
    page = uploaded(admin, out.getvalue(), hidden=answer)
    assert len(page.context["proposal"].edits) == number
    assert "1 hidden row (3)." in page.text


@pytest.mark.parametrize(("answer", "amounts"), [("read", {5, 6}), ("leave-out", {5})])
def test_hidden_columns_of_a_workbook_are_asked_about(cast, admin, answer, amounts):
    book, out = Workbook(), io.BytesIO()
    for row in (["Team", "Jan", "Feb"], ["North", 5, 6]):
        book.active.append(row)
    book.active.column_dimensions["C"].hidden = True
    book.save(out)
    page = uploaded(admin, out.getvalue())
    assert (page.status_code, page.context["form"]["hidden"].is_hidden) == (422, False)
    assert "The sheet has 1 hidden column (C)" in page.text
    page = uploaded(admin, out.getvalue(), hidden=answer)
    assert {edit.new for edit in page.context["proposal"].edits} == amounts
    assert "1 hidden column (C)." in page.text


def test_no_cell_of_an_export_is_a_formula(cast, admin):
    for name in NAMES:
        make_team(company=cast.company, name=name)
    lines = admin.post(EXPORT, {"year": 2027, "kind": "csv"}).getvalue().decode("utf-8-sig").splitlines()
    assert not [cell for line in lines for cell in line.split('","') if is_formula(cell.strip('"'))]
    sheet = load_workbook(io.BytesIO(admin.post(EXPORT, {"year": 2027}).content)).active
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d"}
    assert "=1+1" in {row[0].value for row in sheet}


def test_an_export_holds_numbers_months_and_sums(cast, admin):
    Goal.objects.create(team=cast.north, month=date(2027, 2, 1), amount=Decimal("1234.50"))
    sheet = load_workbook(io.BytesIO(admin.post(EXPORT, {"year": 2027}).content)).active
    head, north, _, total = list(sheet.iter_rows(values_only=True))
    assert (head[0], f"{head[2]:%Y-%m}", head[13]) == ("Team", "2027-02", "Total")
    assert (north[0], north[1], north[2], total[13]) == ("North", None, 1234.5, 1234.5)


def test_an_export_is_in_the_audit(cast, admin):
    answer = admin.post(EXPORT, {"year": 2027})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="goals-demo-2027.xlsx"'
    assert Entry.objects.get(what="goals.exported").by == cast.admin


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


def entities() -> bytes:
    """A sheet whose text is a billion laughs."""
    made, out = writer.as_xlsx([["Team"]]), io.BytesIO()
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if "sheet1" in name:
                text = laughs + "]>" + text.replace("Team", "&j;")
            new.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 not a zip",
        bomb(),
        entities(),
        b"\x00\x01\x02" * 500,
        b"\xd0\xcf\x11\xe0 old excel",
        b"\x1f\x8b gzip",
        b"",
        b"\xef\xbb\xbf",
        b'"never closed',
        b"a," * 200,
        b"x\n" * 6_000,
        b"x" * 2_000_001,
        "Team\tJan\n\ud7ff".encode("utf-16"),
        writer.as_xlsx([]),
        writer.as_xlsx([[None, None]]),
    ],
    ids=range(15),
)
def test_a_file_that_is_none_is_refused_in_words(cast, admin, content):
    page = uploaded(admin, content)
    assert (page.status_code, b'class="error"' in page.content or b'class="errors"' in page.content) == (
        422,
        True,
    )
    assert not Goal.objects.exists()


def test_a_workbook_that_says_it_is_huge_is_not_believed():
    made, out = writer.as_xlsx([["Team", "Jan"], ["North", Decimal(5)]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, text.replace("<sheetViews>", '<dimension ref="A1:XFD1048576"/><sheetViews>'))
    assert len(files.read_file(out.getvalue()).lines) == 2


def test_rows_far_down_are_too_many():
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active["A1"], book.active["A900000"] = "Team", "North"
    book.save(out)
    with pytest.raises(TableError):
        files.read_file(out.getvalue())


@pytest.mark.parametrize("told", [{}, {"text": "  "}, {"text": "Team\tJan\nNorth\t5", "file": "both"}])
def test_one_of_text_and_file_is_needed(cast, admin, told):
    if "file" in told:
        told = told | {"file": SimpleUploadedFile("x.csv", b"Team,Jan\nNorth,5")}
    assert admin.post(PASTE, {"year": 2027} | told).status_code == 422

"""An export as a file: what it shows and to whom, and refused when it is not what it says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from alignment.exports import manifest as layout
from alignment.exports import reader
from alignment.exports.importer import import_company
from alignment.exports.manifest import FACTS, WHOLE
from alignment.exports.reader import ExportError, open_export
from alignment.exports.writer import write_export
from alignment.models import Company, Seat, User
from alignment.rules import spreadsheet
from tests.factories import NOW, make_deal, make_initiative, make_meeting, make_revenue, make_risk, make_user


@pytest.fixture
def words(cast) -> None:
    make_risk(team=cast.north, owner=cast.leader, what_is_wrong="CANARY in a risk")
    deal = make_deal(team=cast.north, name="CANARY of a deal")
    make_meeting(team=cast.north, seconds={"deals": 60})
    make_initiative(
        team=cast.north, kind="rep", title="CANARY of a rep", pair_ceo=cast.ceo, pair_leader=cast.leader
    )
    make_revenue(team=cast.north, day=NOW.date(), amount=5, note="=1+1", deal=deal)


@pytest.fixture
def whole(cast, words, tmp_path) -> Path:
    write_export(cast.company, tmp_path / "whole.zip", contents=WHOLE, now=NOW)
    return tmp_path / "whole.zip"


@pytest.fixture
def facts(cast, words, tmp_path) -> Path:
    write_export(cast.company, tmp_path / "facts.zip", contents=FACTS, now=NOW)
    return tmp_path / "facts.zip"


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_admin_s_export_shows_facts_in_whole_and_no_words(facts):
    files = members(facts)
    assert b"Joe Keller" in files["facts/alignment.user.json"]
    assert b"Joe Keller" in files["facts/alignment.user.csv"]
    assert not [name for name, content in files.items() if b"CANARY" in content]
    assert not [name for name in files if name.startswith("facts/deals.") and "revenueentry" not in name]
    assert b"It does not include deals" in files["README.txt"]


def test_an_admin_s_manifest_names_no_field_that_is_left_out(facts):
    fields = json.loads(members(facts)[layout.MANIFEST])["fields"]
    assert "meetings.PrivateNote" not in fields
    assert "gap" not in fields["meetings.Meeting"]


def test_a_whole_export_shows_words_as_json_and_csv(whole):
    files = members(whole)
    assert b"CANARY in a risk" in files["whole/deals.risk.json"]
    assert b"CANARY in a risk" in files["whole/deals.risk.csv"]
    assert b"confidential: protect this file" in files["README.txt"]


def test_only_a_whole_export_names_the_deal_of_an_entry_of_revenue(whole, facts):
    assert b"CANARY of a deal" in members(whole)["whole/deals.revenueentry.csv"]
    assert b"deal" not in members(facts)["facts/deals.revenueentry.csv"].splitlines()[0]


@pytest.mark.django_db
def test_an_admin_s_export_is_not_imported(facts):
    with pytest.raises(ExportError, match="only what an admin may read"), open_export(facts):
        pass


@pytest.mark.django_db
def test_a_sealed_archive_of_the_version_before_is_refused_in_a_sentence(whole):
    def change(files: dict[str, bytes]) -> None:
        before = json.loads(files[layout.MANIFEST]) | {"format": 1, "key": str(uuid4()), "salt": "00" * 16}
        before |= {
            "fields": {label: {"facts": [], "words": names} for label, names in before["fields"].items()}
        }
        before |= {"members": {name: row | {"plain": row["size"]} for name, row in before["members"].items()}}
        files[layout.MANIFEST] = json.dumps(before).encode()

    rewrite(whole, change)
    with pytest.raises(ExportError, match=r"made by an earlier version .* encrypted"), open_export(whole):
        pass


@pytest.mark.django_db
def test_a_team_exported_before_there_was_another_rule_keeps_its_hours(whole):
    def as_before(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            del row["due_rule"], row["due_time"]

    rewrite(whole, rows_of("alignment.team", as_before))
    with open_export(whole) as archive:
        imported = import_company(archive, now=NOW).company
    assert set(imported.teams.values_list("due_rule", flat=True)) == {"hours"}


def test_every_json_is_one_list_of_rows(whole):
    for name, said in members(whole).items():
        if name.endswith(".json") and name != layout.MANIFEST:
            assert all("id" in row for row in json.loads(said)), name


def test_a_csv_names_what_it_refers_to(whole, cast):
    said = members(whole)["whole/alignment.seat.csv"].decode("utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(said)) if row["user_id"] == str(cast.leader.pk))
    assert (row["team name"], row["user name"], row["role"]) == ("North", "Joe Keller", "leader")


def test_no_text_in_a_csv_is_a_formula(whole):
    for name, said in members(whole).items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(said.decode("utf-8-sig"))) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert b"'=1+1" in members(whole)["whole/deals.revenueentry.csv"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1", "'=1"),
        ("-x", "'-x"),
        ("@SUM", "'@SUM"),
        ("\t=1", "'\t=1"),
        ("Joe", "Joe"),
        (-5, "-5"),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        ([1], "[1]"),
        (NOW, "2026-11-23 08:00:00"),
        (NOW.date(), "2026-11-23"),
    ],
)
def test_a_cell_is_what_it_was(value, cell):
    assert spreadsheet.as_cell(value) == cell


Change = Callable[[dict[str, bytes]], Any]


def rewrite(file: Path, change: Change) -> None:
    told = members(file)
    change(told)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in told.items():
            archive.writestr(name, said)


def manifest(**fields: Any) -> Change:
    def change(told: dict[str, bytes]) -> None:
        told[layout.MANIFEST] = json.dumps(json.loads(told[layout.MANIFEST]) | fields).encode()

    return change


def row_of(label: str, **fields: Any) -> Change:
    """The first row of a model says something else, and the manifest agrees: only its content is wrong."""
    return rows_of(label, lambda rows: rows[0].update(fields))


def rows_of(label: str, edit: Callable[[list[dict[str, Any]]], object]) -> Change:
    def change(told: dict[str, bytes]) -> None:
        name = f"whole/{label}.json"
        rows = json.loads(told[name])
        edit(rows)
        told[name] = b"[\n" + b",\n".join(json.dumps(row).encode() for row in rows) + b"\n]\n"
        whole = json.loads(told[layout.MANIFEST])
        said = {"sha256": hashlib.sha256(told[name]).hexdigest(), "size": len(told[name])}
        whole["members"][name] = said
        told[layout.MANIFEST] = json.dumps(whole).encode()

    return change


def dropped(name: str) -> Change:
    return lambda told: told.pop(name)


def added(name: str, said: bytes = b"x") -> Change:
    return lambda told: told.update({name: said})


def past_leader(*, role: str, until: str) -> Change:
    """One seat more, of a team's sales leader: in `role`, from 2020, on the same team or (a leader) on another."""

    def add(rows: list[dict[str, Any]]) -> None:
        one, two = [row for row in rows if row["role"] == "leader"]
        team = two["team_id"] if role == "leader" else one["team_id"]
        past = {"id": 10**6, "role": role, "team_id": team, "since": "2020-01-01", "until": until}
        rows.append(one | past)

    def change(told: dict[str, bytes]) -> None:
        rows_of("alignment.seat", add)(told)
        number = json.loads(told[layout.MANIFEST])["rows"]
        manifest(rows=number | {"alignment.Seat": number["alignment.Seat"] + 1})(told)

    return change


@pytest.mark.django_db
def test_a_past_seat_that_ended_before_the_next_one_began_comes_in(whole):
    rewrite(whole, past_leader(role="leader", until="2025-12-31"))
    with open_export(whole) as archive:
        company = import_company(archive, now=NOW).company
    assert Seat.objects.filter(team__company=company, until="2025-12-31").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dropped(layout.MANIFEST), "has no manifest"),
        (added(layout.MANIFEST, b"{}"), "has no manifest"),
        (added(layout.MANIFEST, b"[" * 100_000), "has no manifest"),
        (manifest(product="excel"), "not an export of a company"),
        (manifest(format=3), "has format 3"),
        (manifest(format="2"), "has no manifest"),
        (manifest(contents="facts"), "only what an admin may read"),
        (manifest(migrations=[["alignment", "9999_to_come"]]), "newer than this one"),
        (manifest(rows={"alignment.Unknown": 1}), "does not know"),
        *(
            (manifest(**{part: odd}), "has no manifest")
            for part, odd in [
                ("members", []),
                ("members", {"README.txt": {"sha256": 1, "size": "5"}}),
                ("members", {"README.txt": {"sha256": "1", "size": True}}),
                ("rows", []),
                ("rows", {"alignment.Team": "2"}),
                ("rows", {"alignment.Team": None}),
                ("fields", {"alignment.Team": 5}),
                ("fields", {"alignment.Team": [{}]}),
                ("migrations", [["alignment"]]),
                ("migrations", [[{}, []]]),
                ("migrations", 7),
                ("company", "Acme"),
                ("company", {"name": 5}),
                ("made_at", None),
                ("contents", ["whole"]),
                ("unknown", 1),
            ]
        ),
        (dropped("whole/alignment.team.json"), "missing"),
        (added("../../etc/passwd"), "does not belong there"),
        (added("whole/alignment.team.json", b"[]"), "not of the size stated"),
        (added("README.txt", b"y" * 5), "not of the size|not what was written"),
        (row_of("alignment.team", company_id=999), "names a alignment.Company that is not in it"),
        (row_of("alignment.team", timezone="Mars/Olympus"), "not a known time zone"),
        (row_of("alignment.team", weekday=9), "invalid content"),
        (row_of("alignment.team", name=None), "lacks its name"),
        (row_of("alignment.user", email="no address"), "invalid content"),
        (row_of("deals.risk", created_at="yesterday"), "invalid content"),
        (row_of("deals.revenueentry", amount="-5"), "invalid content"),
        (row_of("deals.revenueentry", amount="9" * 40), "invalid content"),
        (row_of("deals.deal", name="x" * 201), "invalid content"),
        (row_of("alignment.team", id="1; DROP TABLE"), "cannot be read"),
        (row_of("alignment.seat", user_id=[1]), "not in it"),
        (row_of("alignment.seat", role="king"), "invalid content"),
        (
            past_leader(role="observer", until="2026-01-01"),
            "team “.+”: .+ has two roles at once from 1 January",
        ),
        (
            past_leader(role="leader", until="2026-05-01"),
            ".+ and .+ are both the sales leader at once from 1 January 2026",
        ),
        (row_of("deals.risk", action="a\0b"), "invalid content: deals.Risk, action"),
        (row_of("deals.risk", action="\ud800"), "invalid content: deals.Risk, action"),
        (row_of("deals.risk", due=5), "invalid content: deals.Risk, due"),
        (row_of("deals.risk", due="9999-12-31"), "invalid content: deals.Risk, due"),
        (row_of("deals.risk", action=["a"]), "invalid content: deals.Risk, action"),
        (row_of("deals.revenueentry", day="2099-01-01"), "RevenueEntry, day 2099-01-01 is in the future"),
        (
            row_of("alignment.user", email="new@demo.test", locale="xx_XX"),
            "alignment.User, locale is unknown",
        ),
        (
            row_of("alignment.user", email="new@demo.test", locale="xx-XX"),
            "alignment.User, locale is unknown",
        ),
        (
            row_of("alignment.user", email="new@demo.test", is_active="yes"),
            "invalid content: alignment.User, is_active",
        ),
        (row_of("alignment.user", email="joe@[127.0.0.1]"), "invalid content: alignment.User, email"),
        (row_of("alignment.company", currency="$$$"), "alignment.Company, currency is unknown"),
        (row_of("alignment.company", fiscal_year_start=True), "Company, fiscal_year_start"),
        (
            row_of("alignment.team", minutes_deals=2_000_000_000),
            "invalid content: alignment.Team, minutes_deals",
        ),
        (row_of("alignment.team", minutes_deals=121), "Team, minutes_deals is not from 1 to 120"),
        (row_of("alignment.team", preparation_hours=0), "Team, preparation_hours is not from 1 to 336"),
        (row_of("alignment.team", due_rule="never"), "Team, due_rule"),
        (row_of("alignment.team", reminder_hours=["2"]), "Team, reminder_hours are no hours"),
        (row_of("alignment.team", reminder_hours={"a": 1}), "Team, reminder_hours are no hours"),
        (row_of("alignment.team", own_policies=["weekday"]), "Team, own_policies are no settings"),
        (row_of("alignment.team", own_policies={"revenue_kind": 1}), "Team, own_policies are no settings"),
        (row_of("deals.revenueentry", original_currency="$$$"), "RevenueEntry, original_currency is unknown"),
        (row_of("alignment.team", revision=2**40), "invalid content: alignment.Team, revision"),
        (row_of("alignment.team", company_id=True), "names a alignment.Company that is not in it"),
        (row_of("alignment.team", id=True), "cannot be read"),
        (row_of("meetings.meeting", starts_at="9999-01-01T09:00:00+00:00"), "Meeting, starts_at"),
        (row_of("meetings.meeting", starts_at="2026-11-30T09:00:00"), "Meeting, starts_at"),
        (row_of("meetings.meeting", seconds=["x"]), "invalid content: meetings.Meeting"),
        (row_of("meetings.meeting", seconds={"deals": "\0"}), "invalid content: meetings.Meeting"),
        (row_of("meetings.meeting", seconds={"deals": -1}), "Meeting, seconds are no seconds"),
    ],
)
def test_an_archive_that_is_not_what_it_says_changes_nothing(whole, change, sentence):
    rewrite(whole, change)
    before = (Company.objects.count(), User.objects.count())
    with pytest.raises(ExportError, match=sentence), open_export(whole) as archive:
        import_company(archive, now=NOW)
    assert (Company.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize("said", [b"", b"PK\x05\x06", b"no archive" * 1000, b"\x1f\x8b" + bytes(100)])
def test_what_is_no_archive_is_refused_in_a_sentence(tmp_path, said):
    (tmp_path / "x.zip").write_bytes(said)
    with (
        pytest.raises(ExportError, match=r"cannot be read as an export|not an export"),
        open_export(tmp_path / "x.zip"),
    ):
        pass


@pytest.mark.django_db
@pytest.mark.parametrize("cut", [1, 100, 5000])
def test_an_archive_cut_off_is_refused(whole, cut):
    whole.write_bytes(whole.read_bytes()[:-cut])
    with pytest.raises(ExportError, match="cannot be read"), open_export(whole):
        pass


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ExportError, match="There is no file"), open_export(tmp_path / "none.zip"):
        pass


@pytest.mark.django_db
def test_a_bomb_is_refused_before_it_is_unpacked(whole, monkeypatch):
    monkeypatch.setattr(reader, "_digest", None)  # nothing may be read to its end
    bomb = b"0" * 20_000_000
    said = {"sha256": "0", "size": len(bomb)}

    def change(told: dict[str, bytes]) -> None:
        whole = json.loads(told[layout.MANIFEST])
        whole["members"]["README.txt"] = said
        told |= {layout.MANIFEST: json.dumps(whole).encode(), "README.txt": bomb}

    rewrite(whole, change)
    with pytest.raises(ExportError, match="not of the size"), open_export(whole):
        pass


@pytest.mark.django_db
def test_whatever_byte_is_wrong_the_answer_is_a_sentence(whole):
    content, random = whole.read_bytes(), Random(7)
    for _ in range(150):
        wrong = bytearray(content)
        wrong[random.randrange(len(wrong))] ^= 1 << random.randrange(8)
        whole.write_bytes(bytes(wrong))
        with suppress(ExportError), open_export(whole):
            pass


@pytest.mark.django_db
def test_an_archive_that_unpacks_to_too_much_is_refused(whole):
    def change(told: dict[str, bytes]) -> None:
        whole = json.loads(told[layout.MANIFEST])
        whole["members"]["README.txt"]["size"] = reader.MOST_BYTES + 1
        told[layout.MANIFEST] = json.dumps(whole).encode()

    rewrite(whole, change)
    with pytest.raises(ExportError, match="unpack to more than"), open_export(whole):
        pass


@pytest.mark.django_db
def test_a_name_that_stands_twice_is_refused(whole):
    with zipfile.ZipFile(whole, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("README.txt", b"y")
    with pytest.raises(ExportError, match="twice"), open_export(whole):
        pass


@pytest.mark.django_db
def test_of_two_who_are_called_alike_each_is_who_they_were(cast, tmp_path):
    make_user(name="Joe Keller")
    write_export(cast.company, tmp_path / "x.zip", contents=WHOLE, now=NOW)
    with open_export(tmp_path / "x.zip") as archive:
        twin = import_company(archive, now=NOW).company
    assert twin.teams.get(slug="north-2").holder("leader") == cast.leader

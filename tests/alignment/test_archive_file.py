"""An archive as a file: readable for whom it is meant, sealed for others, and refused when it is not what it says."""

from __future__ import annotations

import csv
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
from hypothesis import given
from hypothesis import strategies as st

from alignment.archives import layout, read, seal
from alignment.archives.put_in import put_in
from alignment.archives.read import Refused, opened
from alignment.archives.seal import Sealing, Unsealing, WrongPassphrase
from alignment.archives.write import write
from alignment.models import Company, User
from tests.factories import NOW, make_deal, make_initiative, make_revenue, make_risk, make_user

PASSPHRASE = "correct horse battery"


@pytest.fixture
def words(cast) -> None:
    make_risk(team=cast.north, owner=cast.leader, what_is_wrong="CANARY in a risk")
    make_deal(team=cast.north, name="CANARY of a deal")
    make_initiative(
        team=cast.north, kind="rep", title="CANARY of a rep", pair_ceo=cast.ceo, pair_leader=cast.leader
    )
    make_revenue(team=cast.north, day=NOW.date(), amount=5, note="=1+1")


@pytest.fixture
def clear(cast, words, tmp_path) -> Path:
    write(cast.company, tmp_path / "clear.zip", key=uuid4(), now=NOW)
    return tmp_path / "clear.zip"


@pytest.fixture
def sealed(cast, words, tmp_path) -> Path:
    write(cast.company, tmp_path / "sealed.zip", key=uuid4(), now=NOW, passphrase=PASSPHRASE)
    return tmp_path / "sealed.zip"


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_sealed_archive_shows_facts_and_no_words(sealed):
    told = members(sealed)
    assert b"Joe Keller" in told["facts/alignment.user.json"]
    assert not [name for name, said in told.items() if b"CANARY" in said]
    assert not [name for name in told if name.startswith("words/")]
    assert b"manage.py archive_passphrase" in told["README.txt"]


def test_an_archive_in_clear_shows_words_as_json_and_csv(clear):
    told = members(clear)
    assert b"CANARY in a risk" in told["words/deals.risk.json"]
    assert b"CANARY in a risk" in told["words/deals.risk.csv"]
    assert not [name for name in told if name.startswith("sealed/")]


def test_every_json_is_one_list_of_rows(clear):
    for name, said in members(clear).items():
        if name.endswith(".json") and name != layout.MANIFEST:
            assert all("id" in row for row in json.loads(said)), name


def test_a_csv_names_what_it_refers_to(clear, cast):
    said = members(clear)["facts/alignment.seat.csv"].decode("utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(said)) if row["user_id"] == str(cast.leader.pk))
    assert (row["team name"], row["user name"], row["role"]) == ("North", "Joe Keller", "leader")


def test_no_text_in_a_csv_is_a_formula(clear):
    for name, said in members(clear).items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(said.decode("utf-8-sig"))) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert b"'=1+1" in members(clear)["facts/deals.revenueentry.csv"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1", "'=1"), ("-x", "'-x"), ("@SUM", "'@SUM"), ("\t=1", "'\t=1"), ("Joe", "Joe"), (-5, "-5"), (None, ""), (True, "yes"),
     (False, "no"), ([1], "[1]"), (NOW, "2026-11-23 08:00:00"), (NOW.date(), "2026-11-23")],
)  # fmt: skip
def test_a_cell_is_what_it_was(value, cell):
    assert layout.as_cell(value) == cell


@given(st.binary(max_size=3 * seal.PIECE), st.integers(1, 5000))
def test_what_is_sealed_opens_as_it_was(said, at_once):
    into, key = io.BytesIO(), bytes(32)
    sealing = Sealing(into, key, "a")
    for at in range(0, len(said), at_once * 100):
        sealing.write(said[at : at + at_once * 100])
    sealing.close()
    assert io.BufferedReader(Unsealing(io.BytesIO(into.getvalue()), key, "a")).read() == said


@pytest.mark.parametrize("size", [0, 1, seal.PIECE - 1, seal.PIECE, seal.PIECE + 1, 3 * seal.PIECE])
def test_pieces_cannot_be_cut_off_changed_or_put_elsewhere(size):
    into, key = io.BytesIO(), bytes(32)
    with Sealing(into, key, "a") as sealing:
        sealing.write(b"x" * size)
    whole = into.getvalue()
    piece = seal.PIECE + seal.TAG
    for wrong in (
        whole[:-1],
        whole[:-piece],
        whole + b"x",
        whole[:-1] + bytes([whole[-1] ^ 1]),
        whole + whole[:piece],
    ):
        with pytest.raises(WrongPassphrase):
            io.BufferedReader(Unsealing(io.BytesIO(wrong), key, "a")).read()
    with pytest.raises(WrongPassphrase):
        io.BufferedReader(Unsealing(io.BytesIO(whole), key, "b")).read()


def test_a_passphrase_of_the_page_is_of_one_archive_and_one_installation(settings):
    key = uuid4()
    told = seal.own_passphrase(key)
    assert told == seal.own_passphrase(key) != seal.own_passphrase(uuid4())
    settings.SECRET_KEY = "another" * 12
    assert seal.own_passphrase(key) != told


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
    import hashlib

    def change(told: dict[str, bytes]) -> None:
        name = next(each for each in told if each in (f"facts/{label}.json", f"words/{label}.json"))
        rows = json.loads(told[name])
        rows[0] |= fields
        told[name] = b"[\n" + b",\n".join(json.dumps(row).encode() for row in rows) + b"\n]\n"
        whole = json.loads(told[layout.MANIFEST])
        said = {
            "sha256": hashlib.sha256(told[name]).hexdigest(),
            "size": len(told[name]),
            "plain": len(told[name]),
        }
        whole["members"][name] = said
        told[layout.MANIFEST] = json.dumps(whole).encode()

    return change


def dropped(name: str) -> Change:
    return lambda told: told.pop(name)


def added(name: str, said: bytes = b"x") -> Change:
    return lambda told: told.update({name: said})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dropped(layout.MANIFEST), "has no manifest"),
        (added(layout.MANIFEST, b"{}"), "has no manifest"),
        (added(layout.MANIFEST, b"[" * 100_000), "has no manifest"),
        (manifest(product="excel"), "no archive of a company"),
        (manifest(format=2), "has format 2"),
        (manifest(migrations=[["alignment", "9999_to_come"]]), "newer than this one"),
        (manifest(rows={"alignment.Unknown": 1}), "does not know"),
        (manifest(members=[]), "has no manifest"),
        (dropped("facts/alignment.team.json"), "missing"),
        (added("../../etc/passwd"), "does not belong there"),
        (added("facts/alignment.team.json", b"[]"), "not of the size it says"),
        (added("README.txt", b"y" * 5), "not of the size|not what was written"),
        (row_of("alignment.team", company_id=999), "names a alignment.Company that is not in it"),
        (row_of("alignment.team", timezone="Mars/Olympus"), "not a time zone"),
        (row_of("alignment.team", weekday=9), "cannot be"),
        (row_of("alignment.team", name=None), "lacks its name"),
        (row_of("alignment.user", email="no address"), "cannot be"),
        (row_of("deals.risk", created_at="yesterday"), "cannot be"),
        (row_of("deals.revenueentry", amount="-5"), "cannot be"),
        (row_of("deals.revenueentry", amount="9" * 40), "cannot be"),
        (row_of("deals.deal", name="x" * 201), "cannot be"),
        (row_of("alignment.team", id="1; DROP TABLE"), "cannot be read"),
        (row_of("alignment.seat", user_id=[1]), "not in it"),
        (row_of("alignment.seat", role="king"), "cannot be"),
        (row_of("deals.risk", action="a\0b"), "cannot be: deals.Risk, action"),
        (row_of("deals.risk", action="\ud800"), "cannot be: deals.Risk, action"),
        (row_of("deals.risk", due=5), "cannot be: deals.Risk, due"),
    ],
)  # fmt: skip
def test_an_archive_that_is_not_what_it_says_changes_nothing(clear, change, sentence):
    rewrite(clear, change)
    before = (Company.objects.count(), User.objects.count())
    with pytest.raises(Refused, match=sentence), opened(clear) as archive:
        put_in(archive, now=NOW)
    assert (Company.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize("said", [b"", b"PK\x05\x06", b"no archive" * 1000, b"\x1f\x8b" + bytes(100)])
def test_what_is_no_archive_is_refused_in_a_sentence(tmp_path, said):
    (tmp_path / "x.zip").write_bytes(said)
    with pytest.raises(Refused, match=r"cannot be read as an archive|no archive"), opened(tmp_path / "x.zip"):
        pass


@pytest.mark.django_db
@pytest.mark.parametrize("cut", [1, 100, 5000])
def test_an_archive_cut_off_is_refused(clear, cut):
    clear.write_bytes(clear.read_bytes()[:-cut])
    with pytest.raises(Refused, match="cannot be read"), opened(clear):
        pass


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="There is no file"), opened(tmp_path / "none.zip"):
        pass


@pytest.mark.django_db
def test_a_bomb_is_refused_before_it_is_unpacked(clear, monkeypatch):
    monkeypatch.setattr(read, "_digest", None)  # nothing may be read to its end
    bomb = b"0" * 20_000_000
    said = {"sha256": "0", "size": len(bomb), "plain": len(bomb)}

    def change(told: dict[str, bytes]) -> None:
        whole = json.loads(told[layout.MANIFEST])
        whole["members"]["README.txt"] = said
        told |= {layout.MANIFEST: json.dumps(whole).encode(), "README.txt": bomb}

    rewrite(clear, change)
    with pytest.raises(Refused, match="not of the size"), opened(clear):
        pass


@pytest.mark.django_db
def test_whatever_byte_is_wrong_the_answer_is_a_sentence(sealed):
    whole, random = sealed.read_bytes(), Random(7)
    for _ in range(150):
        wrong = bytearray(whole)
        wrong[random.randrange(len(wrong))] ^= 1 << random.randrange(8)
        sealed.write_bytes(bytes(wrong))
        with suppress(Refused), opened(sealed) as archive:
            archive.unseal(PASSPHRASE)


@pytest.mark.django_db
def test_an_archive_that_unpacks_to_too_much_is_refused(clear):
    def change(told: dict[str, bytes]) -> None:
        whole = json.loads(told[layout.MANIFEST])
        whole["members"]["README.txt"]["plain"] = read.MOST_BYTES + 1
        told[layout.MANIFEST] = json.dumps(whole).encode()

    rewrite(clear, change)
    with pytest.raises(Refused, match="unpack to more than"), opened(clear):
        pass


@pytest.mark.django_db
def test_a_name_that_stands_twice_is_refused(clear):
    with zipfile.ZipFile(clear, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("README.txt", b"y")
    with pytest.raises(Refused, match="twice"), opened(clear):
        pass


@pytest.mark.django_db
def test_of_two_who_are_called_alike_each_is_who_they_were(cast, tmp_path):
    make_user(name="Joe Keller")
    write(cast.company, tmp_path / "x.zip", key=uuid4(), now=NOW)
    with opened(tmp_path / "x.zip") as archive:
        twin = put_in(archive, now=NOW).company
    assert twin.teams.get(slug="north-2").holder("leader") == cast.leader

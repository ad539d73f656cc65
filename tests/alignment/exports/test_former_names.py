"""An export made before something got another name is imported whole."""

from __future__ import annotations

import hashlib
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from alignment.exports import manifest as layout
from alignment.exports.importer import import_company
from alignment.exports.manifest import WHOLE
from alignment.exports.reader import ExportError, open_export
from alignment.exports.writer import write_export
from alignment.models import Seat
from deals.models import Deal
from meetings.models import CalendarInvite, Flag, Initiative, Meeting
from tests.cast import Cast
from tests.factories import NOW, make_deal, make_initiative, make_meeting

FORMER = {
    b"submitted_by": b"handed_in_by",
    b"submitted_at": b"handed_in_at",
    b"due_when_submitted": b"due_at_hand_in",
    b"missing_when_submitted": b"missing_at_hand_in",
    b'"comment"': b'"word"',
    b'"next_step":""': b'"owner":"Dana  Ruiz"',
    b'"next_step"': b'"owner"',
    b'"field":"rep"': b'"field":"owner"',
    b'"won_line":""': b'"capacity_what":"Two weeks"',
    b'"won_line"': b'"capacity_what"',
    b'"won_by":""': b'"capacity_who":"Support"',
    b'"won_by"': b'"capacity_who"',
    b"CalendarInvite": b"Invitation",
    b"calendarinvite": b"invitation",
}


@pytest.fixture
def former(cast: Cast, tmp_path: Path) -> Path:
    """An export with every name as it was before."""
    submitted = make_meeting(
        team=cast.north, starts_at=NOW, submitted_at=NOW, submitted_by=cast.leader, missing_when_submitted=2
    )
    make_initiative(team=cast.north)
    Flag.objects.create(
        team=cast.north, meeting=submitted, step=1, raised_at=NOW, acknowledged_at=NOW, comment="On Friday"
    )
    CalendarInvite.objects.create(
        seat=Seat.objects.get(team=cast.north, user=cast.leader),
        weekday=0,
        local_time="09:00",
        timezone="Europe/Paris",
        starts_on=NOW.date(),
        created_at=NOW,
    )
    deal = make_deal(team=cast.north, name="Orbis", stage="Dana Ruiz")
    deal.changes.create(field="rep", old="Ann", new="Dana Ruiz", day=NOW.date(), at=NOW)
    write_export(cast.company, tmp_path / "whole.zip", contents=WHOLE, now=NOW)
    approval = f'"ceo_word":"not_yet","ceo_why":"Too dear","ceo_word_at":null,"ceo_word_by_id":{cast.ceo.pk}'
    names = b'"ceo_word", "ceo_why", "ceo_word_at", "ceo_word_by_id"'
    on_itself = {b'"plan_number":1': approval.encode(), b'"plan_number"': names}
    return renamed(tmp_path / "whole.zip", on_itself | FORMER)


def renamed(file: Path, names: dict[bytes, bytes]) -> Path:
    """The export with other names in it, and a manifest that agrees."""
    with zipfile.ZipFile(file) as archive:
        members = {name.encode(): archive.read(name) for name in archive.namelist()}
    for present, old in names.items():
        members = {name.replace(present, old): said.replace(present, old) for name, said in members.items()}
    manifest = json.loads(members[layout.MANIFEST.encode()])
    for name in manifest["members"]:
        said = members[name.encode()]
        manifest["members"][name] = {"sha256": hashlib.sha256(said).hexdigest(), "size": len(said)}
    members[layout.MANIFEST.encode()] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, said in members.items():
            archive.writestr(member.decode(), said)
    return file


@pytest.mark.django_db
def test_an_export_made_before_a_name_changed_is_imported_whole(former: Path) -> None:
    with open_export(former) as archive:
        company = import_company(archive, now=NOW).company
    [meeting] = Meeting.objects.filter(team__company=company)
    assert (meeting.submitted_at, meeting.missing_when_submitted) == (NOW, 2)
    assert meeting.submitted_by is not None
    [plan] = Initiative.objects.filter(team__company=company)
    assert (plan.approval, plan.approval_why, plan.approval_by is None) == ("not_yet", "Too dear", False)
    assert [flag.comment for flag in Flag.objects.filter(team__company=company)] == ["On Friday"]
    assert CalendarInvite.objects.filter(seat__team__company=company).count() == 1
    [deal] = Deal.objects.filter(team__company=company)
    assert (deal.rep_name, deal.rep.company) == ("Dana Ruiz", company)
    assert [change.field for change in deal.changes.all()] == ["rep"]
    [need] = deal.capacity_needs.all()
    assert (need.what, need.who, need.team) == ("Two weeks", "Support", deal.team)


@pytest.mark.django_db
def test_a_name_that_never_was_is_refused(former: Path) -> None:
    renamed(former, {b"handed_in_at": b"given_in_at"})
    with pytest.raises(ExportError, match="in a form that this version"), open_export(former):
        pass


def as_before_measures(file: Path) -> Path:
    """The export with what an initiative is measured by on the initiative, and its points as rows of their own."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members[layout.MANIFEST])
    labels = [f"meetings.{name}" for name in ("Initiative", "Measure", "MeasurePoint")]
    names = [layout.member_name(WHOLE, label, "json") for label in labels]
    initiatives, measures, points = (json.loads(members[name]) for name in names)
    last = {point["measure_id"]: point["value"] for point in points}
    by_initiative = {measure["initiative_id"]: measure for measure in measures}
    for row in initiatives:
        measure = by_initiative[row["id"]]
        row |= {name: measure[name] for name in ("unit", "baseline", "target")}
        row |= {"measure": measure["name"], "current": last.get(measure["id"])}
    of_measure = {measure["id"]: measure["initiative_id"] for measure in measures}
    former = [
        {
            "id": row["id"],
            "initiative_id": of_measure[row["measure_id"]],
            "at": row["at"],
            "value": row["value"],
        }
        for row in points
    ]
    for label, name, rows in zip(labels, names, (initiatives, None, former), strict=True):
        if rows is None:
            del manifest["rows"][label], manifest["fields"][label], manifest["members"][name], members[name]
            continue
        members[name] = b"[\n" + b",\n".join(layout.as_json(row) for row in rows) + b"\n]\n"
        manifest["fields"][label] = [name for name in rows[0] if name != "id"]
    members[layout.MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return renamed(file, {b"MeasurePoint": b"InitiativePoint", b"measurepoint": b"initiativepoint"})


def test_initiatives_that_held_their_measure_themselves_get_one(cast: Cast, tmp_path: Path) -> None:
    plan = make_initiative(
        team=cast.north, title="Quotes", measure="Days", unit="d", target=Decimal(3), current=Decimal(7)
    )
    plan.measured_by.points.create(at=NOW, value=Decimal(5))
    make_initiative(team=cast.north, title="Bare", measure="", baseline=None, target=None, current=None)
    write_export(cast.company, tmp_path / "whole.zip", contents=WHOLE, now=NOW)
    with open_export(as_before_measures(tmp_path / "whole.zip")) as export:
        company = import_company(export, now=NOW).company
    quotes, bare = (
        Initiative.objects.get(team__company=company, title=title) for title in ("Quotes", "Bare")
    )
    assert (quotes.measure, quotes.unit, quotes.baseline, quotes.target) == ("Days", "d", 2, 3)
    assert [point.value for point in quotes.measured_by.points.all()] == [7, 5]
    assert (bare.measure, bare.target, bare.current) == ("", None, None)

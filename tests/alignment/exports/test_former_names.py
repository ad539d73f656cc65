"""An export made before something got another name is imported whole."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from alignment.exports import manifest as layout
from alignment.exports.importer import import_company
from alignment.exports.manifest import WHOLE
from alignment.exports.reader import ExportError, open_export
from alignment.exports.writer import write_export
from alignment.models import Seat
from meetings.models import CalendarInvite, Flag, Initiative, Meeting
from tests.cast import Cast
from tests.factories import NOW, make_initiative, make_meeting

FORMER = {
    b"submitted_by": b"handed_in_by",
    b"submitted_at": b"handed_in_at",
    b"due_when_submitted": b"due_at_hand_in",
    b"missing_when_submitted": b"missing_at_hand_in",
    b"approval_at": b"ceo_word_at",
    b"approval_by": b"ceo_word_by",
    b"approval_why": b"ceo_why",
    b'"approval"': b'"ceo_word"',
    b'"comment"': b'"word"',
    b"CalendarInvite": b"Invitation",
    b"calendarinvite": b"invitation",
}


@pytest.fixture
def former(cast: Cast, tmp_path: Path) -> Path:
    """An export with every name as it was before."""
    submitted = make_meeting(
        team=cast.north, starts_at=NOW, submitted_at=NOW, submitted_by=cast.leader, missing_when_submitted=2
    )
    make_initiative(team=cast.north, approval="not_yet", approval_why="Too dear", approval_by=cast.ceo)
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
    write_export(cast.company, tmp_path / "whole.zip", contents=WHOLE, now=NOW)
    return renamed(tmp_path / "whole.zip", FORMER)


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


@pytest.mark.django_db
def test_a_name_that_never_was_is_refused(former: Path) -> None:
    renamed(former, {b"handed_in_at": b"given_in_at"})
    with pytest.raises(ExportError, match="in a form that this version"), open_export(former):
        pass

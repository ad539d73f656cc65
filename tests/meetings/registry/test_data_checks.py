from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from meetings.models import Meeting
from meetings.registry.data_checks import find_violations
from tests.cast import Cast
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_check_in,
    make_commitment,
    make_deal,
    make_held_meeting,
    make_issue,
    make_revenue,
    make_risk,
    make_seat,
    make_update,
)


@pytest.fixture(autouse=True)
def away_has_its_two(cast: Cast) -> None:
    make_seat(team=cast.away, user=cast.observer, role="leader")


def test_sound_data_holds(cast: Cast, meeting: Meeting, capsys: pytest.CaptureFixture[str]) -> None:
    make_deal(team=cast.north).record_change(version=1, day=TODAY, now=NOW, by=cast.leader, close_date=TODAY)
    make_deal(team=cast.north).record_change(version=1, day=TODAY, now=NOW, by=None, amount=Decimal(250_000))
    make_issue(team=cast.north).solve(by=cast.ceo, now=NOW, resolution="We keep the price")
    call_command("check_data")
    assert "No inconsistencies found." in capsys.readouterr().out


def spoil_account(cast: Cast, meeting: Meeting) -> None:
    make_deal(team=cast.north, account=make_account(company=cast.away.company))


def spoil_item(cast: Cast, meeting: Meeting) -> None:
    make_commitment(team=cast.north, owner=cast.leader, risk=make_risk(team=cast.south))


def spoil_words(cast: Cast, meeting: Meeting) -> None:
    make_update(meeting=meeting, author=cast.leader, section="risks", risk=make_risk(team=cast.south))


def spoil_revenue(cast: Cast, meeting: Meeting) -> None:
    make_revenue(team=cast.north, day=TODAY + timedelta(days=4), amount=5)


def spoil_deal(cast: Cast, meeting: Meeting) -> None:
    deal = make_deal(team=cast.north)
    deal.record_change(version=1, day=TODAY, now=NOW, by=None, stage="Offer")
    type(deal).objects.update(stage="Won")


def spoil_record(cast: Cast, meeting: Meeting) -> None:
    make_held_meeting(team=cast.north)


def spoil_seats(cast: Cast, meeting: Meeting) -> None:
    make_seat(
        team=cast.north, user=cast.outsider, role="leader", since=TODAY - timedelta(days=400), until=TODAY
    )


def spoil_two(cast: Cast, meeting: Meeting) -> None:
    cast.north.seats.filter(role="ceo").delete()


def spoil_check_in(cast: Cast, meeting: Meeting) -> None:
    make_check_in(meeting=meeting, ceo={}, leader={}, revealed_at=None)


def spoil_end(cast: Cast, meeting: Meeting) -> None:
    meeting.start(by=cast.ceo, now=NOW - timedelta(days=3))
    Meeting.objects.update(starts_at=NOW - timedelta(days=3))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_account, "an account of another company"),
        (spoil_item, "a risk of another team"),
        (spoil_words, "about a risk of another team"),
        (spoil_revenue, "is in the future"),
        (spoil_deal, "but the last recorded change says"),
        (spoil_record, "has no record"),
        (spoil_seats, "Team north: Otto Elsewhere and Joe Keller are both the sales leader at once from"),
        (spoil_two, "has no ceo"),
        (spoil_check_in, "has both answers but does not show them"),
        (spoil_end, "should have been closed automatically"),
    ],
)
def test_each_broken_invariant_is_stated(cast: Cast, meeting: Meeting, spoil, sentence: str) -> None:
    spoil(cast, meeting)
    assert any(sentence in told for told in find_violations(NOW))


def test_the_command_ends_with_one_when_something_is_broken(cast: Cast, meeting: Meeting) -> None:
    spoil_two(cast, meeting)
    with pytest.raises(CommandError) as stopped:
        call_command("check_data")
    assert stopped.value.returncode == 1

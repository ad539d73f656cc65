"""The recap, word for word. After a wanted change: UPDATE_GOLDEN=1 make test, and read the diff."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.mail import EmailMultiAlternatives

from alignment.models import Goal, Notice
from alignment.outbox.messages import write
from meetings.mails.recap import recap
from meetings.models import Meeting, Rating
from meetings.transitions.closing import close_meeting
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import (
    NOW,
    TODAY,
    make_commitment,
    make_deal,
    make_decision,
    make_held_meeting,
    make_initiative,
    make_issue,
    make_revenue,
    make_risk,
    make_update,
)

#: Written on the day of the meeting: a year later its dates would carry their year.
pytestmark = pytest.mark.time_machine(NOW, tick=False)


@pytest.fixture
def full(cast: Cast, meeting: Meeting) -> Meeting:
    """A meeting with something in every section."""
    north, leader = cast.north, cast.leader
    make_held_meeting(team=north, gap=Decimal(-30_000))
    for month in (10, 11, 12):
        Goal.objects.set(north, date(2026, month, 1), Decimal(220_000), by=None, now=NOW)
    make_revenue(team=north, day=date(2026, 10, 6), amount=310_000)
    make_deal(
        team=north,
        name="Orbis renewal",
        status="won",
        close_date=TODAY - timedelta(days=2),
        amount=Decimal(186_000),
    )
    make_risk(
        team=north, name="Hollis Foods", exposure=Decimal(420_000), what_is_wrong="New procurement head."
    )
    make_initiative(team=north, title="Mid-market playbook", health="behind")
    make_initiative(team=north, title="Keep Marta", kind="rep")
    make_issue(team=north, title="Are we still chasing plants?", created_by=cast.ceo)
    make_commitment(team=north, owner=leader, text="Dana takes over Kestrel")
    make_commitment(
        team=north,
        owner=leader,
        text="Call Brandt",
        due=TODAY - timedelta(days=3),
        created_at=NOW - timedelta(days=8),
    )
    make_update(
        meeting=meeting, author=leader, text="Two orders slipped on credit checks.\nNot on us & <ours>."
    )
    meeting.start(by=cast.ceo, now=NOW)
    make_decision(meeting=meeting, text="Prices stay until March.")
    Rating.objects.create(meeting=meeting, user=cast.ceo, role="ceo", score=8, at=NOW)
    Rating.objects.create(meeting=meeting, user=cast.leader, role="leader", score=9, at=NOW)
    return meeting


def mail_to(cast: Cast, meeting: Meeting, role: str, by_role: str | None = "ceo") -> EmailMultiAlternatives:
    meeting.recap_to.add(cast.observer)
    by = getattr(cast, by_role) if by_role else None
    close_meeting(meeting, by=by, now=NOW + timedelta(minutes=30))
    letter = recap(Notice.objects.get(to=getattr(cast, role)))
    assert letter is not None
    return write([letter], goes_as="<test@demo.test>")


def test_the_recap_to_the_ceo(cast: Cast, full: Meeting) -> None:
    same_as_golden("recap-ceo", mail_to(cast, full, "ceo"))


def test_the_recap_to_an_observer_leaves_out_a_reps_plan(cast: Cast, full: Meeting) -> None:
    mail = mail_to(cast, full, "observer")
    same_as_golden("recap-observer", mail)
    assert "Marta" not in mail.body and "Marta" not in str(mail.alternatives)


def test_the_recap_of_a_meeting_that_closed_itself_says_so(cast: Cast, full: Meeting) -> None:
    assert "left open, so it was closed automatically at" in mail_to(cast, full, "leader", by_role=None).body


def test_the_html_says_the_same_facts_and_escapes_what_was_typed(cast: Cast, full: Meeting) -> None:
    mail = mail_to(cast, full, "ceo")
    html = str(mail.alternatives[0].content)
    for fact in (
        "Prices stay until March.",
        "Dana takes over Kestrel",
        "Hollis Foods",
        "Mid-market playbook",
        "−$6,000",
    ):
        assert (fact in mail.body) == (fact in html)
    assert "&lt;ours&gt;" in html and "<ours>" in mail.body
    assert ("<style" not in html and "class=" not in html) or "style=" in html

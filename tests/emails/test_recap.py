"""The recap, word for word. After a wanted change: UPDATE_GOLDEN=1 make test, and read the diff."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from alignment.models import Goal, Notice, User
from alignment.outbox.messages import write
from meetings.mails.recap import recap
from meetings.models import Initiative, Meeting, Rating
from meetings.transitions.closing import close_meeting, undo_end
from tests.cast import Cast
from tests.emails.golden_files import same_as_golden
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_commitment,
    make_deal,
    make_decision,
    make_expectation,
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
    question = make_issue(
        team=north, kind="question", title="Are we still chasing plants?", created_by=cast.ceo
    )
    make_update(
        meeting=meeting, author=leader, section="issues", issue=question, text="Two of them, until May."
    )
    make_issue(
        team=north, title="Too few leads", discussed_at=NOW, solved_at=NOW, resolution="Hire one more."
    )
    make_issue(team=north, title="Price list for mid-size", discussed_at=NOW)
    make_issue(team=north, title="Not reached")
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
    make_call(meeting=meeting)
    make_expectation(meeting=meeting, amount=Decimal(777_000))
    meeting.start(by=cast.ceo, now=NOW)
    make_decision(meeting=meeting, text="Prices stay until March.")
    Rating.objects.create(meeting=meeting, user=cast.ceo, role="ceo", score=8, at=NOW)
    Rating.objects.create(meeting=meeting, user=cast.leader, role="leader", score=9, at=NOW)
    return meeting


def mail_to(
    cast: Cast, meeting: Meeting, role: str, by_role: str | None = "ceo", *, plans: bool = False
) -> EmailMultiAlternatives:
    meeting.recap_to.add(cast.observer)
    Meeting.objects.filter(pk=meeting.pk).update(recap_has_plans=plans)
    by = getattr(cast, by_role) if by_role else None
    close_meeting(meeting, by=by, now=NOW + timedelta(minutes=30))
    letter = recap(Notice.objects.get(to=getattr(cast, role)))
    assert letter is not None
    return write([letter], goes_as="<test@demo.test>")


def test_the_recap_to_the_ceo(cast: Cast, full: Meeting) -> None:
    same_as_golden("recap-ceo", mail_to(cast, full, "ceo"))


@pytest.mark.parametrize("plans", [True, False])
@pytest.mark.parametrize("role", ["ceo", "leader", "observer"])
def test_the_call_is_mailed_and_the_ceo_s_number_never(
    cast: Cast, full: Meeting, role: str, *, plans: bool
) -> None:
    mail = mail_to(cast, full, role, plans=plans)
    for text in (mail.body, str(mail.alternatives[0].content)):
        assert "Commit $1M, best case $1.2M." in text and "777" not in text


@pytest.mark.parametrize("role", ["ceo", "leader", "observer"])
def test_a_reps_plan_is_in_nobodys_recap(cast: Cast, full: Meeting, role: str) -> None:
    mail = mail_to(cast, full, role)
    assert "Marta" not in mail.body and "Marta" not in str(mail.alternatives)


def test_ticked_at_the_end_it_is_marked_in_the_recaps_of_the_two_alone(cast: Cast, full: Meeting) -> None:
    Initiative.objects.filter(kind="rep").update(changed_at=NOW)
    assert "- Keep Marta (only you two): on track" in mail_to(cast, full, "ceo", plans=True).body
    others = recap(Notice.objects.get(to=cast.observer, kind="recap"))
    assert others is not None and "Marta" not in others.text() + others.html()


def test_what_the_page_shows_is_what_is_mailed(
    cast: Cast, full: Meeting, as_: Callable[[User], Client]
) -> None:
    html = str(mail_to(cast, full, "leader").alternatives[0].content)
    page = as_(cast.leader).get(f"/meetings/{full.pk}/recap/").text
    shown = page.partition('<div class="mailed">')[2].partition("</div>")[0]
    assert "This is what is mailed." in page
    mailed = words_of(html)
    assert words_of(shown) and words_of(shown) in mailed


def test_before_the_end_the_page_shows_what_will_be_mailed(
    cast: Cast, full: Meeting, as_: Callable[[User], Client]
) -> None:
    preview = as_(cast.leader).get(f"/meetings/{full.pk}/recap/").text
    shown = words_of(preview.partition('<div class="mailed">')[2].partition("</div>")[0])
    html = str(mail_to(cast, full, "leader").alternatives[0].content)
    assert "Preview: this is mailed when the meeting ends." in preview
    assert "Two of them, until May." in shown and shown in words_of(html)


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_marks_what_only_the_two_may_read(
    cast: Cast, full: Meeting, as_: Callable[[User], Client]
) -> None:
    mail_to(cast, full, "ceo")
    address = f"/meetings/{full.pk}/recap/"
    before, _, private = as_(cast.ceo).get(address).text.partition('<h2 id="two-h">Only you and Joe</h2>')
    assert "Keep Marta" in private and "Keep Marta" not in before
    assert "Marta" not in as_(cast.observer).get(address).text


def test_what_a_short_meeting_left_out_was_not_discussed(cast: Cast, full: Meeting) -> None:
    full.shorten(now=NOW)
    full.go_to("closing", now=NOW + timedelta(minutes=5))
    body = mail_to(cast, full, "ceo").body
    assert "Not discussed: Big deals, Risks, Initiatives, Issues." in body


def test_an_undone_end_is_no_version_and_no_reason(cast: Cast, full: Meeting) -> None:
    close_meeting(full, by=cast.ceo, now=NOW)
    undo_end(full, by=cast.ceo, now=NOW)
    close_meeting(full, by=cast.ceo, now=NOW)
    notice = Notice.objects.filter(to=cast.ceo, kind="recap").latest("pk")
    mail = write([message], goes_as="<x>") if (message := recap(notice)) else None
    assert mail is not None and "version" not in mail.subject and "reopened" not in mail.body


def test_the_recap_of_a_meeting_that_closed_itself_says_so(cast: Cast, full: Meeting) -> None:
    assert "left open, so it was closed automatically at" in mail_to(cast, full, "leader", by_role=None).body


def test_the_html_says_the_same_facts_and_escapes_what_was_typed(cast: Cast, full: Meeting) -> None:
    mail = mail_to(cast, full, "ceo")
    html = str(mail.alternatives[0].content)
    for fact in (
        "Prices stay until March.",
        "Dana takes over Kestrel",
        "Hollis Foods",
        "Two of them, until May.",
        "−$78K",
    ):
        assert fact in mail.body and fact in html
    assert "&lt;ours&gt;" in html and "<ours>" in mail.body
    assert ("<style" not in html and "class=" not in html) or "style=" in html

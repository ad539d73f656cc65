"""Markup in every stored text, in a real browser: no dialog opens, nothing of it runs, the content policy is
never asked.
"""

from __future__ import annotations

from django.utils import timezone

from alignment.models import User
from meetings.models import Meeting
from tests.abuse.everywhere import ours, overwrite, texts
from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast
from tests.factories import (
    make_commitment,
    make_deal,
    make_initiative,
    make_issue,
    make_meeting,
    make_risk,
    make_update,
)

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg onload=alert(1)>",
    "</textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "</title><body onload=alert(1)>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "<input autofocus onfocus=alert(1)>",
)


def everything(cast: Cast) -> Meeting:
    meeting = make_meeting(team=cast.north, starts_at=timezone.now())
    make_update(meeting=meeting, author=cast.leader, text="words")
    make_commitment(team=cast.north, owner=cast.leader, meeting=meeting)
    for make in (make_deal, make_risk, make_initiative, make_issue):
        make(team=cast.north)
    return meeting


def poison() -> None:
    """Each attack in turn, over all columns that hold words."""
    columns = [(model, name) for model in ours() for name in texts(model)]
    for number, (model, name) in enumerate(columns):
        if name not in {"timezone", "chat_url", "days"}:
            overwrite(model, name, ATTACKS[number % len(ATTACKS)])


def test_nothing_of_it_runs(cast: Cast, open_as: OpenAs, faults: Faults) -> None:
    meeting = everything(cast)
    poison()
    opened: list[str] = []
    pages = [
        "/",
        "/meetings/",
        "/deals/",
        "/risks/",
        "/initiatives/",
        "/issues/",
        "/commitments/",
        "/teams/north/",
        "/security/",
    ]
    words = [f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/prepare/"]
    for user, places in (
        (cast.leader, pages + words),
        (cast.admin, ["/", "/setup/demo/", "/setup/demo/people/", "/setup/demo/sign-in/"]),
    ):
        page = open_as(User.objects.get(pk=user.pk))
        page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
        for place in places:
            answer = page.goto(place)
            assert answer is not None and answer.status == 200, place
            page.wait_for_timeout(100)
    assert opened == []

"""Words of one side on a section or an item, and private notes: nobody's are lost, nobody else's are seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.models import Meeting, PrivateNote, Update
from meetings.updates import autosave
from meetings.updates.autosave import Subject
from tests.cast import Cast
from tests.factories import NOW, make_deal, make_initiative, make_issue, make_meeting, make_risk, make_update
from tests.html import flat

As = Callable[[Any], Client]
pytestmark = pytest.mark.usefixtures("_at_eight")
AUTOSAVE = {"X-Autosave": "1"}


@pytest.fixture
def _at_eight() -> Any:
    with time_machine.travel(NOW - timedelta(hours=3), tick=False):
        yield


@pytest.fixture
def say(meeting: Meeting, as_: As) -> Callable[..., Any]:
    """`say(cast.leader, "text", about="risk-7", version=1)` as an autosave, of the revenue section by default."""

    def posted(user: Any, text: str, *, at: Meeting = meeting, **fields: Any) -> Any:
        data = {"section": "revenue", "text": text} | fields
        return as_(user).post(f"/meetings/{at.pk}/update/", data, headers=AUTOSAVE)

    return posted


def test_the_first_words_are_put_down(cast: Cast, say: Any) -> None:
    answer = say(cast.leader, "Three renewals by Friday.")
    assert (answer.status_code, answer.headers["X-Version"]) == (204, "1")
    assert answer.headers["X-Saved-At"] == "06:00"
    said = Update.objects.get()
    assert (said.text, said.side, said.section, said.author) == (
        "Three renewals by Friday.",
        "leader",
        "revenue",
        cast.leader,
    )


def test_later_words_replace_them(cast: Cast, say: Any) -> None:
    say(cast.leader, "Three renewals.")
    answer = say(cast.leader, "Four renewals.", version=1)
    assert answer.headers["X-Version"] == "2"
    assert Update.objects.get().text == "Four renewals."


def test_empty_words_clear(cast: Cast, say: Any) -> None:
    say(cast.leader, "Three renewals.")
    say(cast.leader, " \u200b ", version=1)
    assert Update.objects.get().text == ""


def test_words_that_were_cleared_can_be_written_again(cast: Cast, say: Any) -> None:
    for text, version in (("Three renewals.", 0), ("", 1), ("Four.", 0)):
        answer = say(cast.leader, text, version=version)
    assert answer.headers["X-Version"] == "3"
    assert Update.objects.get().text == "Four."


def test_a_delegate_writes_for_the_side_they_act_for(cast: Cast, say: Any) -> None:
    say(cast.leader, "Three renewals.")
    assert say(cast.delegate, "Four renewals.", version=1).status_code == 204
    assert Update.objects.get().author == cast.delegate


def test_each_side_has_words_of_its_own(cast: Cast, say: Any) -> None:
    for user in (cast.leader, cast.ceo, cast.facilitator):
        assert say(user, f"Words of {user}").status_code == 204
    assert set(Update.objects.values_list("side", flat=True)) == {"leader", "ceo", "facilitator"}


@pytest.mark.parametrize("kind", ["deal", "risk", "initiative", "issue"])
def test_words_on_an_item_stand_in_its_section(cast: Cast, say: Any, kind: str) -> None:
    make = {"deal": make_deal, "risk": make_risk, "initiative": make_initiative, "issue": make_issue}[kind]
    item = make(team=cast.north)
    assert say(cast.leader, "News", about=f"{kind}-{item.pk}").status_code == 204
    said = Update.objects.get()
    assert getattr(said, kind) == item
    assert said.section == f"{kind}s"


def test_stale_words_change_nothing_and_show_both(cast: Cast, say: Any) -> None:
    say(cast.leader, "Mine")
    answer = say(cast.delegate, "Hers", version=0)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Joe Keller changed this today 06:00" in shown
    assert "Hers" in shown
    assert "Mine" in shown
    assert Update.objects.get().text == "Mine"


def test_the_same_words_again_are_saved_once(cast: Cast, say: Any) -> None:
    say(cast.leader, "Mine")
    assert say(cast.leader, "Mine", version=0).headers["X-Version"] == "1"


def test_an_item_of_another_team_is_not_there(cast: Cast, say: Any) -> None:
    risk = make_risk(team=cast.south)
    assert say(cast.leader, "News", about=f"risk-{risk.pk}").status_code == 404
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("ceo", 204), ("leader", 204), ("delegate", 404), ("facilitator", 404)]
)
def test_a_reps_plan_is_for_the_two(cast: Cast, say: Any, who: str, status: int) -> None:
    plan = make_initiative(team=cast.north, kind="rep")
    issue = make_issue(team=cast.north, initiative=plan)
    for about in (f"initiative-{plan.pk}", f"issue-{issue.pk}"):
        assert say(getattr(cast, who), "News", about=about).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("observer", 403), ("admin", 403), ("outsider", 404), ("second_leader", 404)]
)
def test_who_has_no_side_writes_nothing(cast: Cast, say: Any, who: str, status: int) -> None:
    assert say(getattr(cast, who), "News").status_code == status
    assert not Update.objects.exists()


def test_a_meeting_that_is_over_keeps_its_record_and_the_text_may_go_to_the_next(
    cast: Cast, meeting: Meeting, say: Any
) -> None:
    held = make_meeting(
        team=cast.north, starts_at=NOW - timedelta(days=7), state="held", started_at=NOW, closed_at=NOW
    )
    answer = say(cast.leader, "Too late", at=held)
    assert answer.status_code == 422
    assert "This meeting has ended" in answer.content.decode()
    assert f'data-offer="/meetings/{meeting.pk}/update/"' in answer.content.decode()
    assert not Update.objects.exists()
    assert say(cast.leader, "Too late", version=0).status_code == 204


def test_without_script_the_same_page_offers_the_next_meeting(cast: Cast, meeting: Meeting, as_: As) -> None:
    held = make_meeting(
        team=cast.north, starts_at=NOW - timedelta(days=7), state="held", started_at=NOW, closed_at=NOW
    )
    data = {"section": "revenue", "text": "Too late", "version": "3"}
    page = as_(cast.leader).post(f"/meetings/{held.pk}/update/", data).text
    assert "The meeting ended while you were writing." in page and "Too late</textarea>" in page
    assert f'formaction="/meetings/{meeting.pk}/update/" name="version" value="0"' in flat(page)
    as_(cast.leader).post(f"/meetings/{meeting.pk}/update/", data | {"version": ["3", "0"]})
    assert Update.objects.get().meeting == meeting


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 4001},
        {"text": "a\0b"},
        {"section": "weather"},
        {"section": ""},
        {"about": "rep-7"},
        {"about": "risk-" + "9" * 40},
        {"version": "-1"},
        {"version": "1e400"},
        {"version": 2**31},
    ],
)
def test_what_cannot_be_words_is_refused(cast: Cast, say: Any, fields: dict[str, Any]) -> None:
    answer = say(cast.leader, **{"text": "News"} | fields)
    assert answer.status_code == 422
    assert "data-error-for" in answer.content.decode()
    assert not Update.objects.exists()


def test_an_autosave_costs_seven_queries(
    cast: Cast, meeting: Meeting, say: Any, django_assert_num_queries: Any
) -> None:
    make_update(meeting=meeting, author=cast.leader)
    client = Client()
    client.force_login(cast.leader)
    data = {"section": "revenue", "text": "Four", "version": 1}
    with django_assert_num_queries(7):
        client.post(f"/meetings/{meeting.pk}/update/", data, headers=AUTOSAVE)


def test_words_on_an_item_cost_one_more(cast: Cast, meeting: Meeting, django_assert_num_queries: Any) -> None:
    risk = make_risk(team=cast.north)
    client = Client()
    client.force_login(cast.leader)
    with django_assert_num_queries(8):
        client.post(
            f"/meetings/{meeting.pk}/update/", {"about": f"risk-{risk.pk}", "text": "New"}, headers=AUTOSAVE
        )


def test_without_javascript_one_goes_back_to_the_page(cast: Cast, meeting: Meeting, as_: As) -> None:
    for user, page in (
        (cast.leader, f"/meetings/{meeting.pk}/prepare/"),
        (cast.ceo, f"/meetings/{meeting.pk}/"),
    ):
        answer = as_(user).post(f"/meetings/{meeting.pk}/update/", {"section": "revenue", "text": "News"})
        assert (answer.status_code, answer.url) == (302, f"{page}#revenue")


@pytest.mark.parametrize(("keep", "stands"), [("mine", "Hers"), ("theirs", "Mine"), ("both", "Mine\n\nHers")])
def test_without_javascript_one_chooses_what_stays(
    cast: Cast, meeting: Meeting, as_: As, keep: str, stands: str
) -> None:
    make_update(meeting=meeting, author=cast.leader, text="Mine")
    data = {"section": "revenue", "text": "Hers", "version": 0}
    page = as_(cast.delegate).post(f"/meetings/{meeting.pk}/update/", data)
    assert page.status_code == 409
    assert 'name="keep" value="both"' in page.content.decode()
    as_(cast.delegate).post(f"/meetings/{meeting.pk}/update/", data | {"keep": keep, "stored_version": 1})
    assert Update.objects.get().text == stands


@pytest.mark.django_db(transaction=True)
def test_of_two_first_saves_at_once_one_wins(
    cast: Cast, meeting: Meeting, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = autosave.load_update

    def meanwhile(*told: Any) -> Any:
        found = read(*told)
        make_update(meeting=meeting, author=cast.leader, text="Mine")
        return found

    monkeypatch.setattr(autosave, "load_update", meanwhile)
    answer = as_(cast.delegate).post(
        f"/meetings/{meeting.pk}/update/", {"section": "revenue", "text": "Hers"}, headers=AUTOSAVE
    )
    assert answer.status_code == 409
    assert Update.objects.get().text == "Mine"


def test_a_place_is_found_by_its_item_alone() -> None:
    assert Subject("risks", "risk", 7).fields == {"section": "risks", "risk_id": 7}
    assert Subject("risks").fields == {"section": "risks"}


def test_a_private_note_is_the_writers_own(cast: Cast, meeting: Meeting, as_: As) -> None:
    for user in (cast.ceo, cast.observer):
        answer = as_(user).post(
            f"/meetings/{meeting.pk}/note/", {"text": f"For {user} only"}, headers=AUTOSAVE
        )
        assert answer.headers["X-Version"] == "1"
    assert set(PrivateNote.objects.values_list("author__name", "text")) == {
        ("Tom Marsh", "For Tom Marsh only"),
        ("Olaf Watch", "For Olaf Watch only"),
    }


def test_two_windows_of_one_person_lose_no_note(cast: Cast, meeting: Meeting, as_: As) -> None:
    for text, version in (("One", 0), ("One, two", 1)):
        as_(cast.ceo).post(
            f"/meetings/{meeting.pk}/note/", {"text": text, "version": version}, headers=AUTOSAVE
        )
    answer = as_(cast.ceo).post(
        f"/meetings/{meeting.pk}/note/", {"text": "Other", "version": 1}, headers=AUTOSAVE
    )
    assert answer.status_code == 409
    assert "Your other window" in answer.content.decode()
    assert PrivateNote.objects.get().text == "One, two"


def test_a_note_may_follow_the_meeting(cast: Cast, as_: As) -> None:
    held = make_meeting(
        team=cast.north, starts_at=NOW - timedelta(days=7), state="held", started_at=NOW, closed_at=NOW
    )
    assert (
        as_(cast.ceo).post(f"/meetings/{held.pk}/note/", {"text": "After"}, headers=AUTOSAVE).status_code
        == 204
    )


@pytest.mark.parametrize(("who", "status"), [("admin", 403), ("outsider", 404)])
def test_without_a_seat_there_is_no_note(
    cast: Cast, meeting: Meeting, as_: As, who: str, status: int
) -> None:
    client = as_(getattr(cast, who))
    assert client.post(f"/meetings/{meeting.pk}/note/", {"text": "x"}).status_code == status
    assert client.get(f"/meetings/{meeting.pk}/note/").status_code == 405

"""The page of a quarter's agreement: proposed, confirmed as a whole or line by line, disagreed with, left open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.agreements.answers import accept
from alignment.models import Agreement, Goal, Team, User
from meetings.models import Initiative
from tests.cast import Cast
from tests.factories import NOW, make_initiative, make_measure, make_seat, make_user

HERE = "/teams/north/agreement/"
QUARTER = "2026-Q4"
As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(client: Client, query: str = "") -> str:
    return " ".join(client.get(f"{HERE}{query}").content.decode().split())


def sent(client: Client, **more: Any) -> dict[str, Any]:
    """The form as the page shows it, with other values."""
    form = client.get(f"{HERE}propose/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    shown = {name: value for name, value in values.items() if value not in (None, False)}
    return {"quarter": QUARTER, **shown, **more}


def propose(client: Client, **more: Any) -> Any:
    return client.post(f"{HERE}propose/", sent(client, **more))


def goals(cast: Cast, *amounts: int) -> None:
    for number, amount in enumerate(amounts):
        Goal.objects.set(cast.north, date(2026, 10 + number, 1), Decimal(amount), by=cast.admin, now=NOW)


def confirm_all(client: Client) -> Any:
    page = client.get(HERE).context["page"]
    return client.post(f"{HERE}confirm/", {"quarter": QUARTER, "line": [row.pk for row in page.waiting]})


def test_the_leader_proposes_and_the_ceo_confirms_as_a_whole(cast: Cast, as_: As) -> None:
    goals(cast, 100_000, 100_000, 120_000)
    make_initiative(team=cast.north, title="Enter the Nordics")
    make_measure(team=cast.north, name="Plant visits")
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    assert "Nothing is agreed for Q4 2026 yet." in text(leader)
    answer = propose(
        leader,
        discount="15",
        terms="60",
        spending="20k",
        people="Reps alone; managers together",
        sentences="We leave accounts under 20K to partners",
    )
    assert answer.url == f"{HERE}?quarter={QUARTER}"
    yes_to_goals(leader)
    page = text(ceo)
    assert "8 lines wait for the CEO" in page
    for words in ("up to 15%", "up to 60 days", "up to $20K", "Enter the Nordics", "Plant visits"):
        assert words in page
    assert confirm_all(ceo).url == f"{HERE}?quarter={QUARTER}"
    assert "Signed by both." in text(ceo)
    assert "Signed by both." in text(as_(cast.observer))
    assert confirm_all(ceo).status_code == 302  # nothing waits


def yes_to_goals(client: Client) -> Any:
    states = client.get(HERE).context["page"].states
    return client.post(f"{HERE}agree/", {"quarter": QUARTER, "subject": "goals", "state": states["goals"]})


def test_a_line_is_answered_in_words_and_the_others_are_confirmed(cast: Cast, as_: As) -> None:
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    propose(leader, discount="15", terms="60")
    discount = Agreement.objects.get(key=f"{QUARTER}-discount")
    ceo.post(f"/agreements/{discount.pk}/decline/", {"why": "Ten is plenty."})
    confirm_all(ceo)
    assert "Tom Marsh: “Ten is plenty.”" in text(leader)
    assert "Not agreed on 23 Nov: up to 15%." in text(as_(cast.observer))
    for other in (cast.delegate, cast.facilitator, cast.observer):
        assert "Ten is plenty." not in text(as_(other))
    assert Agreement.objects.agreed().get().key == f"{QUARTER}-terms"


def test_only_what_differs_is_proposed(cast: Cast, as_: As) -> None:
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    propose(leader, discount="15", terms="60", sentences="One\nTwo")
    confirm_all(ceo)
    assert "Nothing was changed" in leader.post(f"{HERE}propose/", sent(leader), follow=True).content.decode()
    propose(ceo, discount="10", terms="", sentences="Two")
    assert {row.key for row in Agreement.objects.proposed()} == {
        f"{QUARTER}-discount",
        f"{QUARTER}-terms",
        f"{QUARTER}-1",
    }
    page = text(leader)
    assert "up to 10%" in page and "the CEO decides" in page and "Taken out: “One”" in page
    confirm_all(leader)
    assert "Taken out" not in text(leader)


def test_the_same_proposal_sent_twice_is_one(cast: Cast, as_: As) -> None:
    leader = as_(cast.leader)
    data = sent(leader, discount="15")
    for _ in range(2):
        assert leader.post(f"{HERE}propose/", data).status_code == 302
    assert Agreement.objects.count() == 1


def test_a_proposal_on_what_has_changed_since_changes_nothing(cast: Cast, as_: As) -> None:
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    data = sent(leader, discount="15", sentences="We leave small accounts to partners")
    propose(ceo, discount="5")
    late = leader.post(f"{HERE}propose/", data)
    assert late.status_code == 409
    page = late.content.decode()
    assert "so nothing was proposed" in page
    assert "We leave small accounts to partners" in page and 'value="15"' in page and "up to 5%" in page
    again = late.context["form"]
    data["state"] = again["state"].value()
    assert leader.post(f"{HERE}propose/", data).status_code == 302
    assert Agreement.objects.proposed().get(key=f"{QUARTER}-discount").content["limit"] == "15"


def test_measures_and_initiatives_are_proposed_as_they_were_read(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Plant visits", target=Decimal(8))
    plan = make_initiative(team=cast.north, title="Enter the Nordics", target=Decimal(9))
    leader = as_(cast.leader)
    data = sent(leader, discount="15", initiatives=[str(plan.pk)])
    measure.edit(version=measure.version, target=Decimal(12))
    late = leader.post(f"{HERE}propose/", data)
    page = " ".join(late.content.decode().split())
    assert late.status_code == 409 and not Agreement.objects.exists()
    assert "The leading measures were changed while you wrote, so nothing was proposed." in page
    assert 'value="15"' in page and "at least 12" in page
    data["state"] = late.context["form"]["state"].value()
    plan.measured_by.revise(at=NOW, target=Decimal(5))
    late = leader.post(f"{HERE}propose/", data)
    assert late.status_code == 409 and not Agreement.objects.exists()
    assert "The initiatives were changed while you wrote" in late.content.decode()
    data["state"] = late.context["form"]["state"].value()
    for _ in range(2):
        assert leader.post(f"{HERE}propose/", data).status_code == 302
    assert Decimal(Agreement.objects.get(subject="measures").content["measures"][0]["target"]) == 12


def test_what_is_not_proposed_may_change_meanwhile(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Plant visits", target=Decimal(8))
    leader = as_(cast.leader)
    data = sent(leader, discount="15")
    del data["with_measures"]
    measure.edit(version=measure.version, target=Decimal(12))
    assert leader.post(f"{HERE}propose/", data).status_code == 302


def test_a_yes_to_what_has_changed_since_changes_nothing(cast: Cast, as_: As) -> None:
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    propose(leader, discount="15", terms="60")
    waiting = [row.pk for row in ceo.get(HERE).context["page"].waiting]
    propose(leader, discount="40")
    late = ceo.post(f"{HERE}confirm/", {"quarter": QUARTER, "line": waiting})
    assert late.status_code == 409
    assert "so nothing was done" in late.content.decode()
    assert not Agreement.objects.agreed().exists()


def test_a_yes_sent_twice_is_one(cast: Cast, as_: As) -> None:
    propose(as_(cast.leader), discount="15")
    ceo = as_(cast.ceo)
    waiting = [row.pk for row in ceo.get(HERE).context["page"].waiting]
    for _ in range(2):
        assert ceo.post(f"{HERE}confirm/", {"quarter": QUARTER, "line": waiting}).status_code == 302


def test_the_leader_disagrees_with_the_goals_in_words_for_the_two(cast: Cast, as_: As) -> None:
    goals(cast, 100_000)
    leader = as_(cast.leader)
    assert leader.post(f"{HERE}goals/", {"quarter": QUARTER, "why": ""}).status_code == 422
    no = {"quarter": QUARTER, "why": "The market fell by half."}
    for _ in range(2):
        assert leader.post(f"{HERE}goals/", no).status_code == 302
    assert Agreement.objects.count() == 1
    assert "Joe Keller: “The market fell by half.”" in text(as_(cast.ceo))
    for other in (cast.delegate, cast.facilitator, cast.observer):
        assert "The market fell" not in text(as_(other))
    assert as_(cast.admin).get(HERE).status_code == 404
    grid = as_(cast.admin).get("/setup/demo/goals/").content.decode()
    assert "not agreed by the CEO and the sales leader of" in grid and "The market fell" not in grid
    yes_to_goals(leader)
    confirm_all(as_(cast.ceo))
    assert "not agreed by" not in as_(cast.admin).get("/setup/demo/goals/").content.decode()


def test_goals_changed_between_are_not_said_yes_to(cast: Cast, as_: As) -> None:
    goals(cast, 100_000)
    leader = as_(cast.leader)
    states = leader.get(HERE).context["page"].states
    goals(cast, 200_000)
    late = leader.post(f"{HERE}agree/", {"quarter": QUARTER, "subject": "goals", "state": states["goals"]})
    assert late.status_code == 409
    assert not Agreement.objects.exists()


def test_changed_goals_are_no_longer_agreed_until_both_say_yes_again(cast: Cast, as_: As) -> None:
    goals(cast, 100_000)
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    yes_to_goals(leader)
    confirm_all(ceo)
    goals(cast, 150_000)
    page = text(ceo)
    assert "No longer as agreed: The goal of October 2026 was $100K and is now $150K." in page
    yes_to_goals(ceo)
    confirm_all(leader)
    assert "No longer as agreed" not in text(ceo)


def test_goals_that_both_agreed_are_not_disagreed_with_from_an_old_form(cast: Cast, as_: As) -> None:
    goals(cast, 100_000)
    leader = as_(cast.leader)
    yes_to_goals(leader)
    confirm_all(as_(cast.ceo))
    for _ in range(2):
        late = leader.post(f"{HERE}goals/", {"quarter": QUARTER, "why": "The market fell by half."})
        assert late.status_code == 409
        page = late.content.decode()
        assert "You have both said yes to these goals" in page and "The market fell by half." in page
    assert Agreement.objects.get().state == "agreed"
    goals(cast, 150_000)
    assert leader.post(f"{HERE}goals/", {"quarter": QUARTER, "why": "Too much."}).status_code == 302


def test_what_was_changed_since_is_not_agreed_from_today(cast: Cast, as_: As) -> None:
    goals(cast, 100_000)
    plan = make_initiative(team=cast.north, title="Enter the Nordics", target=Decimal(9))
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    yes_to_goals(leader)
    propose(leader, initiatives=[str(plan.pk)])
    goals(cast, 150_000)
    plan.measured_by.revise(at=NOW, target=Decimal(5))
    for row in Agreement.objects.proposed():
        sent_by_row = {"need": f"agreement-{row.pk}"}
        refused = ceo.post(f"/agreements/{row.pk}/accept/", sent_by_row, headers={"HX-Request": "true"})
        for late in (refused, ceo.post(f"/agreements/{row.pk}/agree/", follow=True)):
            assert "What it rests on was changed since it was proposed" in late.content.decode()
    assert Agreement.objects.proposed().count() == 2


@pytest.mark.parametrize("way", ["quarter", "team"])
def test_the_past_is_never_answered(cast: Cast, as_: As, way: str) -> None:
    propose(as_(cast.leader), discount="15")
    row = Agreement.objects.get()
    days = 60
    if way == "team":
        Team.objects.filter(pk=cast.north.pk).update(ends_on=NOW.date())
        days = 1
    over = "What it is about is over, so it stays as it was. Nothing was changed."
    here = f"/agreements/{row.pk}"
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        leader, ceo = as_(cast.leader), as_(cast.ceo)
        late = [
            ceo.post(f"{here}/agree/", follow=True),
            ceo.post(f"{here}/decline/", {"why": "No."}),
            leader.post(f"{here}/withdraw/", follow=True),
        ]
        assert all(over in answer.content.decode() for answer in late)
        assert late[1].status_code == 409
    row.refresh_from_db()
    assert row.state == "proposed"


def test_goals_changed_while_a_yes_waits_are_proposed_again(cast: Cast, as_: As) -> None:
    goals(cast, 100_000)
    yes_to_goals(as_(cast.leader))
    ceo = as_(cast.ceo)
    waiting = [row.pk for row in ceo.get(HERE).context["page"].waiting]
    goals(cast, 150_000)
    assert "It has to be proposed again." in text(ceo)
    assert ceo.post(f"{HERE}confirm/", {"quarter": QUARTER, "line": waiting}).status_code == 409
    assert yes_to_goals(ceo).status_code == 302
    assert "Waits for the sales leader." in text(ceo)


def test_a_changed_target_is_agreed_again_or_left_open_with_a_reason(cast: Cast, as_: As) -> None:
    measure = make_measure(team=cast.north, name="Plant visits", target=Decimal(8))
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    propose(leader)
    confirm_all(ceo)
    measure.edit(version=measure.version, target=Decimal(12))
    changed = "The target of “Plant visits” was at least 8 and is now at least 12."
    assert changed in text(ceo)
    row = Agreement.objects.agreed().get()
    leave = f"/agreements/{row.pk}/leave-open/"
    assert changed in ceo.get(leave).content.decode()
    assert ceo.post(leave, {"why": " "}).status_code == 422
    assert ceo.post(leave, {"why": "Until the fair is over."}).status_code == 302
    assert "Tom Marsh: “Until the fair is over.”" in text(leader)
    assert "Until the fair" not in text(as_(cast.observer))
    measure.refresh_from_db()
    measure.edit(version=measure.version, target=Decimal(14))
    assert "Leave it open…" in text(ceo)  # told anew
    states = ceo.get(HERE).context["page"].states
    ceo.post(f"{HERE}agree/", {"quarter": QUARTER, "subject": "measures", "state": states["measures"]})
    confirm_all(leader)
    assert "No longer as agreed" not in text(ceo)


def test_a_value_that_moves_changes_nothing(cast: Cast, as_: As) -> None:
    plan = make_initiative(team=cast.north, title="Enter the Nordics", target=Decimal(9))
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    propose(leader, initiatives=[str(plan.pk)])
    confirm_all(ceo)
    plan = Initiative.objects.get(pk=plan.pk)
    plan.measured_by.revise(at=NOW, current=Decimal(4))
    assert "No longer as agreed" not in text(ceo)
    plan.measured_by.revise(at=NOW, target=Decimal(5))
    assert "The target of “Enter the Nordics”" in text(ceo)


@pytest.mark.parametrize("others", [0, 1])
def test_a_finished_initiative_is_not_proposed_away(cast: Cast, as_: As, others: int) -> None:
    plan = make_initiative(team=cast.north, title="Enter the Nordics", target=Decimal(9))
    more = [make_initiative(team=cast.north, title=f"Plan {number}") for number in range(others)]
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    propose(leader, initiatives=[str(one.pk) for one in (plan, *more)])
    confirm_all(ceo)
    Initiative.objects.filter(pk=plan.pk).update(finished_at=NOW, outcome="Done.")
    propose(leader, discount="15", initiatives=[str(one.pk) for one in more])
    assert {row.key for row in Agreement.objects.proposed()} == {f"{QUARTER}-discount"}
    assert "Enter the Nordics" in text(leader)
    if more:
        assert "“Enter the Nordics”: no longer open" in text(leader, "propose/")
        propose(leader, initiatives=[])
        row = Agreement.objects.proposed().get(subject="initiatives")
        assert [terms["title"] for terms in row.content["initiatives"]] == ["Enter the Nordics"]


def test_a_reps_plan_is_in_no_agreement(cast: Cast, as_: As) -> None:
    plan = make_initiative(
        team=cast.north,
        title="Save Max",
        kind=Initiative.Kind.REP,
        pair_ceo=cast.ceo,
        pair_leader=cast.leader,
    )
    leader = as_(cast.leader)
    assert "Save Max" not in leader.get(f"{HERE}propose/").content.decode()
    assert propose(leader, initiatives=[str(plan.pk)], discount="5").status_code in (302, 422)
    assert "Save Max" not in text(leader)


def test_at_most_five_initiatives_and_five_sentences(cast: Cast, as_: As) -> None:
    plans = [make_initiative(team=cast.north, title=f"Plan {number}") for number in range(6)]
    leader = as_(cast.leader)
    many = propose(leader, initiatives=[str(plan.pk) for plan in plans], sentences="\n".join("abcdef"))
    assert many.status_code == 422
    page = many.content.decode()
    assert "These are 6 initiatives" in page and "These are 6 sentences" in page
    assert propose(leader, discount="101").status_code == 422
    assert propose(leader, terms="-1").status_code == 422


def test_a_new_quarter_begins_with_what_held_before(cast: Cast, as_: As) -> None:
    leader, ceo = as_(cast.leader), as_(cast.ceo)
    propose(leader, discount="15", sentences="We leave accounts under 20K to partners")
    confirm_all(ceo)
    form = leader.get(f"{HERE}propose/?quarter=2027-Q1").context["form"]
    assert form["discount"].value() == Decimal(15)
    assert form["sentences"].value() == "We leave accounts under 20K to partners"
    assert "Nothing is agreed for Q1 2027 yet." in text(leader, "?quarter=2027-Q1")


def test_the_past_is_read_and_never_asked(cast: Cast, as_: As) -> None:
    propose(as_(cast.leader), discount="15", terms="60")
    accept(Agreement.objects.get(key=f"{QUARTER}-terms"), by=cast.ceo, now=NOW)
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        page = text(as_(cast.ceo), f"?quarter={QUARTER}")
        assert "up to 60 days" in page, re.sub("<[^>]+>", " ", page)
        assert "This quarter is over" in page
        assert "Agree" not in page.replace("Agreed", "").replace("Agreement", "")
        assert as_(cast.ceo).post(f"{HERE}confirm/", {"quarter": QUARTER, "line": []}).status_code == 403
        assert as_(cast.leader).get(f"{HERE}propose/?quarter={QUARTER}").status_code == 403


@pytest.mark.parametrize(
    "key", ["2027-Q2", "2026-Q5", "FY2026-Q4", "x", "0000-Q1", "9999-Q1", "2026-Q4-discount"]
)
def test_a_quarter_that_is_none_is_not_found(cast: Cast, as_: As, key: str) -> None:
    assert as_(cast.ceo).get(f"{HERE}?quarter={key}").status_code == 404


def test_only_the_two_propose_and_confirm(cast: Cast, as_: As) -> None:
    propose(as_(cast.leader), discount="15")
    for other in (cast.delegate, cast.facilitator, cast.observer):
        client = as_(other)
        assert client.get(f"{HERE}propose/").status_code == 403
        assert client.post(f"{HERE}confirm/", {"quarter": QUARTER}).status_code == 403
        assert client.get(f"{HERE}goals/").status_code == 403
    for stranger in (cast.admin, cast.outsider, cast.second_leader):
        assert as_(stranger).get(HERE).status_code == 404


def test_a_former_leaders_yes_is_asked_anew(cast: Cast, as_: As) -> None:
    propose(as_(cast.leader), discount="15", terms="60")
    confirm_all(as_(cast.ceo))
    cast.north.seats.filter(user=cast.leader).update(until=date(2026, 11, 22))
    assert "Nobody is the sales leader of this team at present." in text(as_(cast.ceo))
    new = make_user(email="new@demo.test", name="Nora New")
    make_seat(team=cast.north, user=new, role="leader")
    page = text(as_(new))
    assert "The sales leader has changed since" in page, re.sub("<[^>]+>", " ", page)
    assert "2 lines wait for the sales leader" in page, page[3000:7000]
    confirm_all(as_(new))
    assert "has changed since" not in text(as_(new))
    assert {row.leader_id for row in Agreement.objects.agreed()} == {new.pk}


def test_a_former_leaders_proposal_is_answered_like_any_other(cast: Cast, as_: As) -> None:
    propose(as_(cast.leader), discount="15")
    cast.north.seats.filter(user=cast.leader).update(until=date(2026, 11, 22))
    confirm_all(as_(cast.ceo))
    assert Agreement.objects.agreed().exists()


@pytest.mark.parametrize("lines", [1, 12])
def test_the_page_reads_a_fixed_number_of_queries(
    cast: Cast, as_: As, django_assert_max_num_queries: Any, lines: int
) -> None:
    goals(cast, 100_000)
    leader = as_(cast.leader)
    for number in range(lines):
        make_initiative(team=cast.north, title=f"Plan {number}")
    propose(leader, discount="15", **({"terms": "60", "sentences": "a\nb\nc\nd"} if lines > 1 else {}))
    leader.get(HERE)
    with django_assert_max_num_queries(10):
        leader.get(HERE)

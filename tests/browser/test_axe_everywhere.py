"""Every page anybody can open: nothing for axe to object to in light and dark, all folds open; on a phone,
a tablet and a desk nothing wider than the screen, no small control, no word in two on a button, no text out of
its box, fields of a row on one line, and a title that says which page of what it is.

The pages come from docs/access.md, so that a new one is looked at without anyone remembering.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.usersessions.models import UserSession
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from alignment.models import Absence, Company, Goal, Notice, Team
from alignment.outbox.unsubscribe import token_for
from alignment.people import seats
from deals.models import Account, FollowUp, ImportRun
from meetings.models import ContactNote, Meeting
from meetings.transitions.closing import close_meeting, reopen_meeting
from tests.browser.conftest import Faults, OpenAs
from tests.cast import Cast
from tests.factories import (
    UNDERSTOOD,
    full_answer,
    make_account,
    make_archive,
    make_call,
    make_capacity_need,
    make_check_in,
    make_commitment,
    make_committed,
    make_contact,
    make_deal,
    make_decision,
    make_evidence,
    make_follow_up,
    make_heads_up,
    make_held_meeting,
    make_import_run,
    make_initiative,
    make_invited,
    make_issue,
    make_link,
    make_measure,
    make_meeting,
    make_member,
    make_mix,
    make_overview_reader,
    make_rep,
    make_revenue,
    make_risk,
    make_touch,
    make_update,
)
from tests.test_urls import ROLES, address, declared

#: No pages: an answer to a script, a calendar, a mail as its reader's program shows it, a file, a part of a page.
NO_PAGES = {
    "meetings:overview_file",
    "meetings:team_history",
    "healthz",
    "readyz",
    "meetings:poll",
    "meetings:feed",
    "alignment:outbox_html",
    "alignment:amount",
    "alignment:day",
    "alignment:audit_export",
    "deals:goals_export",
    "deals:list_download",
    "deals:committed_download",
    "deals:accounts_download",
    "deals:import_example",
    "deals:import_refused",
    "deals:setup_revenue_export",
    "meetings:setup_team_dates",
}
DARK = """axe.run({resultTypes: ["violations"], runOnly: ["color-contrast"]}).then(({violations}) =>
  violations.flatMap(({nodes}) => nodes.map(({html, failureSummary}) => html + failureSummary)))"""
#: What a person sees at once: a page wider than the screen, a small control, a word in two on a button, text out of its
#: box, fields of one row at different heights, a tab without a name.
UGLY = """() => {
  const box = (part) => part.getBoundingClientRect(), seen = (part) => box(part).width > 1 && box(part).height > 1;
  const named = (part) => `${part.tagName} ${part.innerText || part.name || ""}`.slice(0, 60);
  const all = (which) => [...document.querySelectorAll(which)].filter(seen);
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const small = all("a, button, select, summary, input:not([type=checkbox], [type=radio])")
    .filter((part) => getComputedStyle(part).display !== "inline" && Math.min(box(part).width, box(part).height) < 24);
  const broken = all(".button").flatMap((button) => [...button.childNodes]).filter((text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    return text.nodeType === 3 && /^\\S+$/.test(text.data.trim()) && range.getClientRects().length > 1;
  });
  const spilt = all("main *").filter((part) => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1
    && getComputedStyle(part).overflowX === "visible" && !part.closest("table")
    && [...part.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  const uneven = all(".fields").filter((row) => {
    const tops = new Map();
    for (const field of row.querySelectorAll(":scope > .field:not(.choices, .field--inline)")) {
      const control = field.querySelector("input, select, textarea");
      const above = Math.round(box(field).top), at = Math.round(box(control).top);
      tops.set(above, (tops.get(above) || new Set()).add(at));
    }
    return [...tops.values()].some((heights) => heights.size > 1);
  });
  return [
    ...(/^\\S.* · Alignment$/.test(document.title) ? [] : [`title: ${document.title}`]),
    ...(wide > 0 ? [`${wide} px too wide`] : []),
    ...small.map((part) => `small: ${named(part)}`),
    ...broken.map((text) => `in two: ${text.data.trim()}`),
    ...spilt.map((part) => `out of its box: ${named(part)}`),
    ...uneven.map((row) => `uneven: ${row.innerText.slice(0, 60)}`),
  ];
}"""
OUTSIDE = ["/accounts/login/", "/accounts/password/reset/"]
LONG = "Legal has the contract; two clauses are open and both are ours to give before Friday. " * 2
NAME = "Brandt Maschinenbaugesellschaft plant two"


@pytest.fixture
def rows(cast: Cast, site: str) -> dict[str, Any]:
    """Something of everything in North, with words by both; the kinds are those `address` asks for."""
    now, team = timezone.now(), cast.north
    today, old = team.today(now), {"created_at": now - timedelta(30), "changed_at": now - timedelta(20)}
    for month in range(1, 13):
        Goal.objects.create(team=team, month=today.replace(month=month, day=1), amount=Decimal(960_000))
    entries = [make_revenue(team=team, day=today - timedelta(weeks=week), amount=90_000) for week in range(4)]
    held = make_meeting(team=team, starts_at=now - timedelta(hours=2))
    held.start(by=cast.ceo, now=now - timedelta(hours=2))
    account = make_account(company=cast.company, name="Brandt Maschinenbaugesellschaft")
    deal = make_deal(team=team, name=NAME, account=account, rep="Dana Reyes", close_date=today, **old)
    contact = make_contact(account=account, name=NAME, title=NAME, email="mira@brandt.test", role="pays")
    ContactNote.objects.create(
        contact=contact, team=team, stance="against", what_matters=LONG, changed_at=now
    )
    joined = make_rep(team=team, name="D. Reyes", joined_into=deal.rep, joined_at=now)
    items = {
        "risks": {
            "risk": make_risk(team=team, name=NAME, action=LONG[:90], owner=cast.leader, due=today, **old)
        },
        "deals": {"deal": deal},
        "initiatives": {
            "initiative": make_initiative(team=team, title=NAME, plan=LONG, health="behind", **old)
        },
        "issues": {"issue": make_issue(team=team, title=NAME, detail=LONG, created_by=cast.ceo, **old)},
    }
    late = make_commitment(team=team, owner=cast.ceo, text=LONG[:90], due=today - timedelta(3), **old)
    make_decision(meeting=held, text="The fee is credited.", created_at=now)
    close_meeting(held, by=cast.ceo, now=now - timedelta(minutes=90))
    reopen_meeting(held, by=cast.leader, now=now - timedelta(minutes=80), why="The amount was wrong.")
    held.refresh_from_db()
    close_meeting(held, by=cast.leader, now=now - timedelta(minutes=70))
    meeting = make_meeting(team=team, starts_at=now + timedelta(minutes=50))
    decision = make_decision(meeting=meeting, text="No discount above 10 %", created_at=now)
    for section, about in [("revenue", {}), *items.items()]:
        for side, author in (("leader", cast.leader), ("ceo", cast.ceo)):
            make_update(
                meeting=meeting, author=author, side=side, section=section, text=LONG, changed_at=now, **about
            )
    flat = {kind: row for about in items.values() for kind, row in about.items()}
    notice = Notice.objects.filter(kind="recap", to=cast.leader).latest("pk")
    return {
        "meeting": meeting,
        "held": held,
        "team": team,
        "commitment": late,
        "decision": decision,
        "notice": notice,
        "entry": entries[0],
        "poll": "",
        "agreement": make_mix(team=team, by=cast.leader),
        "need": make_capacity_need(deal=deal),
        "measure": make_measure(team=team, name=NAME),
        "plan_measure": make_commitment(team=team, owner=cast.leader, meeting=held, amount=60_000),
        "evidence": make_evidence(committed=make_committed(deal=deal)),
        "heads_up": make_heads_up(team=cast.north),
        "client": (client := spoken_to(cast, account)),
        "personal_link": make_link(company=cast.company, asked_by=cast.leader, thing=client.pk),
        "account": account,
        "contact": contact,
        "rep": deal.rep,
        "joined_rep": joined,
        **flat,
        **of_setup(cast),
    }


def spoken_to(cast: Cast, account: Account) -> FollowUp:
    """A key client that said something, and is due again."""
    client = make_follow_up(team=cast.north, account=account)
    make_touch(follow_up=client, client_said=LONG[:90], colour="amber")
    return client


def of_setup(cast: Cast) -> dict[str, Any]:
    """Something of everything that an admin sets up."""
    now = timezone.now()
    day = cast.north.today(now) + timedelta(9)
    return {
        "company": cast.company,
        "person": cast.leader,
        "seat": cast.north.seats.get(role="observer"),
        "planned": seats.give(cast.north, cast.second_leader, "observer", by=cast.admin, now=now, day=day),
        "invitee": make_invited(company=cast.company),
        "left": make_member(company=cast.company),
        "archive": make_archive(company=cast.company),
        "run": understood_run(cast),
        "holiday": cast.company.holidays.create(day=day, name="All hands"),
        "absence": Absence.objects.create(user=cast.leader, first=day, last=day, entered_at=now),
        "browser": UserSession.objects.create(user=cast.leader, session_key="a" * 32, ip="127.0.0.1"),
    }


def understood_run(cast: Cast) -> ImportRun:
    """An import that waits to be applied, with every part of its pages filled."""
    columns = [{"key": "Amount", "header": "Amount", "role": "amount", "examples": ["12,000", "9,500.50"]}]
    stages = [{"name": "Proposal", "meaning": "open", "said_by": "format", "rows": 2}]
    question = {
        "key": "date_order",
        "sentence": "Is 3/4/2027 in March or in April?",
        "proposal": "",
        "choices": [["day", "April"], ["month", "March"]],
        "is_required": True,
        "rows": [{"number": 2, "cells": [NAME, "3/4/2027"]}],
    }
    understood = UNDERSTOOD | {"columns": columns, "stages": stages, "questions": [question]}
    months = [{"month": "2026-10", "kind": "won", "before": "90000", "after": "95000"}]
    counts = {"new": 2, "refused": 1, "other_teams": 3}
    run = make_import_run(
        team=cast.north,
        by=cast.leader,
        rows=2,
        understanding=understood,
        summary={"counts": counts, "months": months},
    )
    refused = {"thing": "deals", "verdict": "refused", "reason": "Row 9, Amount: “n/a” is no amount."}
    run.rows.create(number=9, name=NAME, cells={"Amount": "n/a"}, **refused)
    run.rows.create(number=0, thing="deals", verdict="missing", name=NAME, target=1)
    return run


@pytest.fixture
def others(cast: Cast) -> dict[str, Meeting]:
    """South's meetings of every other state."""
    now = timezone.now()
    missed = make_meeting(team=cast.south, starts_at=now - timedelta(9))
    missed.mark_missed(now=now - timedelta(8))
    excused = make_meeting(team=cast.south, starts_at=now - timedelta(5))
    excused.excuse(by=cast.ceo, now=now - timedelta(5, minutes=5), why="Both at the fair")
    running = make_meeting(team=cast.south, starts_at=now)
    make_risk(team=cast.south, name=NAME, created_at=now, changed_at=now)
    make_issue(team=cast.south, title=NAME, detail=LONG, created_at=now, changed_at=now)
    running.start(by=cast.ceo, now=now)
    return {"missed": missed, "excused": excused, "running": running}


def check_ins(cast: Cast) -> list[str]:
    """Check-ins of the five statements with the CEO: to be answered, shown to both, and with one answer alone."""
    now, paths = timezone.now(), []
    apart = full_answer(pipeline=1, sentence=LONG), full_answer(pipeline=4, guess=1, sentence=LONG)
    closed = {"closes_at": now - timedelta(days=20)}
    for weeks, given in enumerate(
        ({}, dict(zip(("ceo", "leader"), apart, strict=True)), {"ceo": apart[0]}), 2
    ):
        held = make_held_meeting(team=cast.south, starts_at=now - timedelta(weeks=weeks))
        asked = closed if given else {"closes_at": now + timedelta(hours=5)}
        make_check_in(meeting=held, guessed="pipeline", **given, **asked)
        paths.append(f"/meetings/{held.pk}/check-in/")
    return [*paths, "/teams/south/check-in/"]


def of_the_table(role: str, rows: dict[str, Any]) -> list[str]:
    """What this role may open and nobody before it in the table; the home of everybody."""
    place, paths = ROLES.index(role), []
    for route, cells in declared().items():
        opens = [cell.startswith("200") for cell in cells]
        if route not in NO_PAGES and opens[place] and (route == "meetings:home" or not any(opens[:place])):
            paths.append(address(route, rows))
    return paths


def wrong_with(page: Page, path: str) -> list[str]:
    """Every objection to one page, in words."""
    page.goto(path)
    page.evaluate("document.querySelectorAll('main details').forEach((fold) => fold.open = true)")
    page.emulate_media(color_scheme="light")
    light = Axe().run(page)
    told = [f"{path}: {light.generate_report()}"] if light.violations_count else []
    page.emulate_media(color_scheme="dark")
    told += [f"{path}, dark: {node}" for node in page.evaluate(DARK)]
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        told += [f"{path} at {width} px: {fault}" for fault in page.evaluate(UGLY)]
    page.set_viewport_size(PHONE["viewport"])
    led = urlsplit(page.url).path
    told += [f"{path} led to {led}"] if led != urlsplit(path).path else []
    return told


PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 700}, "reduced_motion": "reduce"}


@pytest.mark.parametrize("roles", [ROLES[:1], ROLES[1:2], ROLES[2:-1]])
def test_every_page_of_these_roles(
    cast: Cast, rows: dict[str, Any], open_as: OpenAs, roles: tuple[str, ...]
) -> None:
    wrong = []
    for role in roles:
        page = open_as(getattr(cast, role), **PHONE)
        wrong += [told for path in of_the_table(role, rows) for told in wrong_with(page, path)]
    assert not wrong, "\n".join(wrong)


def test_pages_of_other_states_and_with_a_team_chosen(
    cast: Cast, rows: dict[str, Any], others: dict[str, Meeting], open_as: OpenAs
) -> None:
    running, team = f"/meetings/{others['running'].pk}/", f"?team=north&meeting={rows['meeting'].pk}"
    sections = ("revenue", "deals", "risks", "initiatives", "issues", "closing")
    page = open_as(cast.ceo, **PHONE)
    paths = [
        "/",
        running,
        *(f"{running}present/?at={section}" for section in sections),
        f"{running}recap/",
        f"/meetings/{others['missed'].pk}/",
        f"/meetings/{others['excused'].pk}/",
        "/teams/south/",
        *check_ins(cast),
        "/teams/south/first-meeting/",
        "/teams/north/heads-ups/",
        f"/meetings/{rows['held'].pk}/check-in/",
        f"/meetings/{rows['held'].pk}/",
        f"/meetings/{rows['held'].pk}/record/1/",
        f"/meetings/{rows['held'].pk}/rate/",
        f"/commitments/new/{team}",
        f"/decisions/new/{team}&section=risks",
        f"/issues/new/{team}",
        f"/unsubscribe/{token_for(cast.ceo, ['recap'])}/",
    ]
    wrong = [told for path in paths for told in wrong_with(page, path)]
    assert not wrong, "\n".join(wrong)


def test_the_overview_of_somebody_without_a_seat(cast: Cast, rows: dict[str, Any], open_as: OpenAs) -> None:
    """With a call and meetings, and a second company in another currency."""
    reader = make_overview_reader(company=cast.company)
    make_overview_reader(company=cast.away.company, user=reader)
    Company.objects.filter(pk=cast.away.company.pk).update(currency="CHF", name=NAME)
    today = cast.north.today(timezone.now())
    make_call(meeting=rows["held"], starts_on=today - timedelta(9), ends_on=today + timedelta(20))
    page = open_as(reader, **PHONE)
    wrong = [told for path in ("/overview/", "/overview/?sort=-gap") for told in wrong_with(page, path)]
    page = open_as(cast.admin, **PHONE)
    wrong += wrong_with(page, f"/setup/{cast.company.slug}/people/{reader.pk}/")
    assert not wrong, "\n".join(wrong)


def test_pages_after_the_end_of_a_meeting_and_of_a_membership(
    cast: Cast, rows: dict[str, Any], others: dict[str, Meeting], open_as: OpenAs
) -> None:
    running, now = others["running"], timezone.now()
    make_initiative(team=running.team, title="Keep Marta", kind="rep")
    close_meeting(running, by=cast.ceo, now=now)
    page = open_as(cast.ceo, **PHONE)
    ended = [f"/meetings/{running.pk}/", f"/meetings/{running.pk}/recap/", "/teams/north/?q=fee"]
    wrong = [told for path in ended for told in wrong_with(page, path)]
    make_commitment(team=cast.north, owner=cast.leader, text="Call Brandt")
    yesterday = cast.north.today(now) - timedelta(days=1)
    cast.north.seats.update(since=yesterday - timedelta(days=90), until=yesterday)
    Team.objects.filter(pk=cast.north.pk).update(ends_on=yesterday)
    page = open_as(cast.leader, **PHONE)
    mine = ["/", "/meetings/", "/teams/north/", "/teams/north/?q=fee", "/teams/north/?q=nothing"]
    assert not wrong + [told for path in mine for told in wrong_with(page, path)]


def test_pages_of_refusals_and_of_the_way_in(
    cast: Cast, rows: dict[str, Any], open_as: OpenAs, faults: Faults
) -> None:
    faults.allow("status of 40[34]")
    page = open_as(cast.leader, **PHONE)
    refused = ["/nothing/is/here/", f"/initiatives/{rows['initiative'].pk}/approval/", "/accounts/logout/"]
    mine = [
        f"/deals/revenue/{rows['entry'].pk}/correct/",
        f"/deals/new/?team=north&meeting={rows['meeting'].pk}",
    ]
    wrong = [told for path in [*refused, *mine] for told in wrong_with(page, path)]
    page.context.clear_cookies()
    assert not wrong + [told for path in OUTSIDE for told in wrong_with(page, path)]

"""What is pressed on the pages of setup, of people and of one's own sign-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command

from alignment.company import creation
from alignment.exports import jobs
from alignment.people import invitation_links, membership, overview_readers
from alignment.sign_in import email_change, mfa
from deals.models import RevenueEntry
from deals.views.revenue_import import preview_key
from meetings.forms.cadence import CadenceChangeForm
from meetings.teams import lifecycle
from tests.cast import Cast
from tests.factories import NOW, TODAY, make_invited, make_update
from tests.faults.press import THEN, TOKEN, WHY, Press, Stage, day


def nothing_planned(stage: Stage, cast: Cast) -> None:
    stage["planned"].delete()


def ended(stage: Stage, cast: Cast) -> None:
    nothing_planned(stage, cast)
    lifecycle.end_team(cast.north, TODAY, by=cast.admin, now=THEN)


def asking_for_an_address(stage: Stage, cast: Cast) -> None:
    email_change.request_change(cast.leader, "joe@new.test", now=THEN)
    stage["link"] = email_change.url_for(cast.leader.address_change)


def invited(stage: Stage, cast: Cast) -> None:
    person = make_invited(company=cast.company, email=cast.leader.email)
    stage["link"] = invitation_links.url_for(person.invites.get())


def reading_the_overview(stage: Stage, cast: Cast) -> None:
    overview_readers.give_overview(cast.leader, cast.company, by=cast.admin, now=THEN)


def deactivated(stage: Stage, cast: Cast) -> None:
    membership.deactivate(cast.leader, cast.company, by=cast.admin, now=THEN)


def nobody_known(stage: Stage, cast: Cast) -> None:
    call_command("flush", interactive=False, verbosity=0)
    stage["link"] = creation.link()


def with_factors(stage: Stage, cast: Cast) -> None:
    for user in (cast.admin, cast.leader):
        Authenticator.objects.create(user=user, type="totp", data={"secret": ""})


def asking_for_factors(stage: Stage, cast: Cast) -> None:
    with_factors(stage, cast)
    mfa.set_requirement(cast.company, required=True, by=cast.admin, now=THEN)


def with_goals(stage: Stage, cast: Cast) -> None:
    cast.north.goals.create(month=TODAY.replace(year=2025, day=1), amount=Decimal(5000))


def with_its_file(stage: Stage, cast: Cast) -> None:
    jobs.folder().mkdir(parents=True, exist_ok=True)
    jobs.file_of(stage["archive"]).write_bytes(b"a file")


def goal_typed(stage: Stage) -> dict[str, str]:
    """November's, where the page showed none of the year."""
    team = stage["team"].pk
    return {"year": "2026", "first": "202601", f"seen-{team}": "|" * 11, f"{team}-202611": "5,000"}


def goals_agreed(stage: Stage) -> dict[str, str]:
    return {
        "year": "2026",
        "changes": f"{stage['team'].pk} 2026-11 - 5000\n{stage['team'].pk} 2026-12 - 6000",
    }


def cadence_agreed(stage: Stage) -> dict[str, str]:
    """Tuesdays from the next week on, as it was looked at."""
    told = EAST | WHY | {"starts_on": day(NOW + timedelta(days=7))}
    form = CadenceChangeForm(told, team=stage["team"], now=THEN)
    assert form.is_valid()
    return told | {"looked_at": form.mark}


def with_words(stage: Stage, cast: Cast) -> None:
    """The meeting of the week after next is prepared."""
    stage["prepared"] = cast.north.meetings.get(planned_start=NOW + timedelta(days=14))
    make_update(meeting=stage["prepared"], author=cast.leader)


def one_stays(stage: Stage) -> dict[str, str]:
    return cadence_agreed(stage) | {f"meeting-{stage['prepared'].pk}": "stay"}


def goals_taken_away(stage: Stage) -> dict[str, str]:
    return {"year": "2025", "changes": f"{stage['team'].pk} 2025-11 5000 -"}


LATER = day(NOW + timedelta(days=20))
EAST = {
    "name": "East",
    "rhythm": "weekly",
    "weekday": "1",
    "local_time": "09:00",
    "timezone": "Europe/Paris",
    "starts_on": day(NOW),
}
FIRST = {
    "company": "Orbis",
    "currency": "EUR",
    "fiscal_year_start": "1",
    "timezone": "Europe/Paris",
    "person": "Ada Admin",
    "email": "ada@orbis.test",
    "password": "several good words",
}
AWAY = {"first": day(NOW + timedelta(days=7)), "last": day(NOW + timedelta(days=11))}
TABLE = {"step": "write", "token": TOKEN}


def previewed(by: str) -> Callable[[Stage, Cast], None]:
    """The table of a preview that this person was shown."""

    def store(stage: Stage, cast: Cast) -> None:
        amounts = ((2, date(2026, 11, 20), Decimal(1200)), (3, date(2026, 11, 19), Decimal(80)))
        rows = [
            (number, cast.north.pk, on, amount, "", "", RevenueEntry.Source.PASTED)
            for number, on, amount in amounts
        ]
        cache.set(preview_key(getattr(cast, by).pk, TOKEN), rows)

    return store


GOALS = {"year": "2026", "text": "Team\tNovember 2026\nNorth\t5000"}

#: By address; what follows a comma is pressed there as well.
SETUP = {
    "alignment:address": Press(
        told={"email": "joe@new.test", "password": "demo-password"}, answers=frozenset({302, 422})
    ),
    "alignment:address_cancel": Press(before=asking_for_an_address),
    "alignment:address_confirm": Press(before=asking_for_an_address, answers=frozenset({200, 410})),
    "alignment:archive_new": Press("admin"),
    "alignment:archive_remove": Press("admin", before=with_its_file),
    "alignment:company": Press("admin", {"version": "1", "name": "Demos", "timezone": "Europe/Rome"}),
    "alignment:company, its currency": Press("admin", {"version": "1", "currency": "EUR", "sure": "EUR"}),
    "alignment:first_run": Press("", FIRST, before=nobody_known),
    "alignment:forget": Press(
        "admin", {}, lambda stage: {"typed": stage["left"].name}, answers=frozenset({302, 404, 409})
    ),
    "alignment:holiday_remove": Press("admin"),
    "alignment:holidays": Press("admin", {"lines": "2026-12-25 Christmas Day\n2026-12-28 Bridge day"}),
    "alignment:holidays, one": Press("admin", {"day": "2026-12-25", "name": "Christmas Day"}),
    "alignment:invitation": Press(before=invited),
    "alignment:outbox_resend": Press("admin"),
    "alignment:people_invite": Press("admin", {"people": "Eva Lund <eva@new.test>\nMax; max@new.test"}),
    "alignment:person": Press(
        "admin", {"name": "Joseph", "timezone": "UTC", "locale": "en-GB", "is_admin": "on"}
    ),
    "alignment:person_deactivate": Press("admin", WHY),
    "alignment:person_factors_remove": Press("admin", before=with_factors),
    "alignment:person_overview": Press("admin"),
    "alignment:person_overview_end": Press("admin", before=reading_the_overview),
    "alignment:person_password": Press("admin"),
    "alignment:person_revoke": Press("admin"),
    "alignment:person_resend": Press("admin"),
    "alignment:person_sessions_end": Press("admin"),
    "alignment:person_take_back": Press("admin", before=deactivated),
    "alignment:profile": Press(told={"name": "Joseph", "timezone": "Europe/Rome", "locale": "it-IT"}),
    "alignment:session_end": Press(answers=frozenset({302, 404})),
    "alignment:sessions_end": Press(),
    "alignment:signin_policy": Press("admin", {"required": "1"}, before=with_factors),
    "alignment:signin_policy, no longer": Press("admin", {"required": "0"}, before=asking_for_factors),
    "deals:goals": Press("admin", WHY, goal_typed),
    "deals:goals_apply": Press("admin", WHY, goals_agreed),
    "deals:goals_apply, none": Press("admin", WHY, goals_taken_away, before=with_goals),
    "deals:goals_copy": Press(
        "admin", WHY | {"year": "2026", "percent": "5", "step": "1", "team": "north"}, before=with_goals
    ),
    "deals:goals_paste": Press("admin", WHY | GOALS),
    "deals:goals_spread": Press(
        "admin", WHY | {"year": "2026", "how": "even"}, lambda stage: {f"year-{stage['team'].pk}": "60000"}
    ),
    "deals:setup_revenue_correct": Press("admin", {"day": day(NOW), "amount": "900", "token": TOKEN}),
    "deals:setup_revenue_new": Press(
        "admin", {"team_slug": "north", "day": day(NOW), "amount": "1200", "token": TOKEN}
    ),
    "deals:setup_revenue_paste": Press("admin", TABLE, before=previewed("admin")),
    "deals:setup_revenue_paste, also": Press("admin", TABLE | {"also": "on"}, before=previewed("admin")),
    "meetings:absence_remove": Press(answers=frozenset({302, 404})),
    # the others read that these days are entered: 422
    "meetings:absences": Press(told=AWAY, answers=frozenset({302, 422})),
    "meetings:cadence": Press("admin", {}, cadence_agreed),
    "meetings:cadence, one stays": Press("admin", {}, one_stays, before=with_words),
    "meetings:setup_planned_cancel": Press("admin"),
    "meetings:setup_seat_end": Press("admin", {"last": day(NOW)}),
    "meetings:setup_seat_end, later": Press("admin", {"last": LATER}),
    "meetings:setup_seat_hand_over": Press(
        "admin", WHY | {"day": day(NOW)}, lambda stage: {"person": stage["planned"].user_id}
    ),
    "meetings:setup_seat_hand_over, later": Press(
        "admin", WHY | {"day": LATER}, lambda stage: {"person": stage["left"].pk}
    ),
    "meetings:setup_seat_new": Press(
        "admin", {"role": "facilitator", "day": day(NOW)}, lambda stage: {"person": stage["planned"].user_id}
    ),
    "meetings:setup_team": Press("admin", {"part": "name", "name": "Northern"}),
    "meetings:setup_team_end": Press("admin", {"last": day(NOW)}),
    "meetings:setup_team_end, later": Press("admin", {"last": LATER}, before=nothing_planned),
    # the others read that there is a team of that name: 422
    "meetings:setup_team_new": Press(
        "admin", EAST, lambda stage: {"ceo": stage["ceo"].pk}, answers=frozenset({302, 422})
    ),
    "meetings:setup_team_restart": Press("admin", {}, lambda stage: {"ceo": stage["ceo"].pk}, before=ended),
}

#: Files that are taken: each press is one of them, and a line of the audit.
TAKEN = {
    "alignment:archive_file": Press("admin", before=with_its_file),
    "alignment:audit_export": Press("admin"),
    "deals:goals_export": Press("admin", {"year": "2026"}),
    "deals:setup_revenue_export": Press("admin", {"kind": "csv"}),
}

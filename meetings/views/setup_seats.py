"""The setup pages of seats: give a seat, end it, hand it over, cancel a planned change."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.models import PlannedSeat, Seat, Team
from alignment.people import planned_changes, seats
from alignment.rules.roles import PRINCIPAL_ROLES
from alignment.web.company_access import company_for
from alignment.web.confirm import confirm_action
from alignment.web.requests import Request
from alignment.web.responses import back, refuse
from meetings.forms.seats import EndSeatForm, HandoverForm, SeatForm

LEADS = (
    "The team’s history is kept: the replacement sees goals, deals, risks, initiatives, commitments and records. "
    "Private notes and plans about a rep stay with those who wrote them."
)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, company: str, slug: str) -> HttpResponse:
    team, now = _team(request, company, slug), timezone.now()
    form = SeatForm(_post_data(request), team=team, today=team.today(now))

    def step() -> str:
        cleaned = form.cleaned_data
        return _refusal(
            lambda: seats.give(
                team,
                cleaned["person"],
                cleaned["role"],
                by=request.user,
                now=now,
                day=cleaned["day"],
                acts_for=cleaned["acts_for"],
            )
        )

    return confirm_action(
        request,
        form,
        step=step,
        default=_seats(team),
        message="Saved.",
        heading=f"Add a member to {team}",
        button="Add member",
        lede="If the person already has another role on this team, that role ends the day before.",
        template="setup/form.html",
        company=team.company,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, company: str, slug: str, pk: int) -> HttpResponse:
    team, now = _team(request, company, slug), timezone.now()
    seat = _seat(team, pk)
    form = HandoverForm(_post_data(request), seat=seat, today=team.today(now))

    def step() -> str:
        cleaned = form.cleaned_data
        return _refusal(
            lambda: seats.hand_over(
                seat, cleaned["person"], by=request.user, now=now, day=cleaned["day"], why=cleaned["why"]
            )
        )

    return confirm_action(
        request,
        form,
        step=step,
        default=_seats(team),
        message="Saved.",
        button="Replace",
        heading=f"Replace {seat.user} as {seat.get_role_display()} of {team}",
        lede=LEADS if seat.role in PRINCIPAL_ROLES else "",
        template="setup/form.html",
        company=team.company,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, company: str, slug: str, pk: int) -> HttpResponse:
    team, now = _team(request, company, slug), timezone.now()
    seat = _seat(team, pk)
    form = EndSeatForm(_post_data(request), today=team.today(now))

    def step() -> str:
        cleaned = form.cleaned_data
        return _refusal(
            lambda: seats.end(seat, by=request.user, now=now, last=cleaned["last"], why=cleaned["why"])
        )

    return confirm_action(
        request,
        form,
        step=step,
        default=_seats(team),
        message="Saved.",
        button="Remove",
        ends_something=True,
        heading=f"Remove {seat.user} from {team}?",
        about=f"{seat.get_role_display()} of {team}",
        template="setup/form.html",
        company=team.company,
    )


@require_POST
def cancel(request: Request, company: str, slug: str, pk: int) -> HttpResponse:
    team = _team(request, company, slug)
    planned = get_object_or_404(PlannedSeat, team=team, pk=pk)
    planned.team = team
    if sentence := _refusal(lambda: planned_changes.cancel(planned, by=request.user, now=timezone.now())):
        return refuse(request, _seats(team), sentence)
    return back(request, _seats(team), message="The planned change was cancelled.")


def _refusal(change: Callable[[], object]) -> str:
    try:
        change()
    except seats.SeatRuleViolation as sentence:
        return str(sentence)
    return ""


def _team(request: Request, company: str, slug: str) -> Team:
    row = company_for(request, company)
    return get_object_or_404(row.teams.select_related("company"), slug=slug)


def _seat(team: Team, pk: int) -> Seat:
    seat = get_object_or_404(team.seats.select_related("user"), pk=pk)
    seat.team = team
    return seat


def _seats(team: Team) -> str:
    return f"{reverse('meetings:setup_team', args=(team.company.slug, team.slug))}#seats"


def _post_data(request: Request) -> object:
    return request.POST if request.method == "POST" else None

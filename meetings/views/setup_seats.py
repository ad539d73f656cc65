"""Setup of who sits on a team: give a seat, end it, hand it over, cancel what is planned."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment import seating
from alignment.access import Request
from alignment.asking import ask
from alignment.models import PlannedSeat, Seat, Team
from alignment.models.teams import Role
from alignment.saving import back, refuse
from alignment.setup import company_for
from meetings.forms.seats import EndSeatForm, HandoverForm, SeatForm

LEADS = (
    "The team’s history stays: who follows sees goals, deals, risks, initiatives, commitments and records. Private notes "
    "and plans about a rep stay with those who wrote them."
)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, company: str, slug: str) -> HttpResponse:
    team, now = _team(request, company, slug), timezone.now()
    form = SeatForm(_sent(request), team=team, today=team.today(now))

    def step() -> str:
        told = form.cleaned_data
        return _refused(
            lambda: seating.give(
                team,
                told["person"],
                told["role"],
                by=request.user,
                now=now,
                day=told["day"],
                acts_for=told["acts_for"],
            )
        )

    return ask(
        request, form, step=step, default=_seats(team), said="Saved.", heading=f"A seat on {team}", button="Give the seat",
        lede="Whoever has another seat on this team gives that one up the day before.",
        template="setup/form.html", company=team.company,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, company: str, slug: str, pk: int) -> HttpResponse:
    team, now = _team(request, company, slug), timezone.now()
    seat = _seat(team, pk)
    form = HandoverForm(_sent(request), seat=seat, today=team.today(now))

    def step() -> str:
        told = form.cleaned_data
        return _refused(
            lambda: seating.hand_over(
                seat, told["person"], by=request.user, now=now, day=told["day"], why=told["why"]
            )
        )

    return ask(
        request, form, step=step, default=_seats(team), said="Saved.", button="Hand it over",
        heading=f"Who follows {seat.user} as {seat.get_role_display()} of {team}?",
        lede=LEADS if seat.role in (Role.CEO, Role.LEADER) else "", template="setup/form.html", company=team.company,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, company: str, slug: str, pk: int) -> HttpResponse:
    team, now = _team(request, company, slug), timezone.now()
    seat = _seat(team, pk)
    form = EndSeatForm(_sent(request), today=team.today(now))

    def step() -> str:
        told = form.cleaned_data
        return _refused(
            lambda: seating.end(seat, by=request.user, now=now, last=told["last"], why=told["why"])
        )

    return ask(
        request, form, step=step, default=_seats(team), said="Saved.", button="End the seat",
        heading=f"End the seat of {seat.user}?", about=f"{seat.get_role_display()} of {team}",
        template="setup/form.html", company=team.company,
    )  # fmt: skip


@require_POST
def cancel(request: Request, company: str, slug: str, pk: int) -> HttpResponse:
    team = _team(request, company, slug)
    planned = get_object_or_404(PlannedSeat, team=team, pk=pk)
    planned.team = team
    if sentence := _refused(lambda: seating.cancel(planned, by=request.user, now=timezone.now())):
        return refuse(request, _seats(team), sentence)
    return back(request, _seats(team), said="The planned change is cancelled.")


def _refused(change: Callable[[], object]) -> str:
    try:
        change()
    except seating.Refused as sentence:
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


def _sent(request: Request) -> object:
    return request.POST if request.method == "POST" else None

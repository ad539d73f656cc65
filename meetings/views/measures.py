"""The leading measures of a team: the grid, agreeing on one, the value of a week, an issue when one is off."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.forms.layout import Question
from alignment.models import Link, Team
from alignment.permissions import can_plan, has_permission
from alignment.rules.formatting import day, measured
from alignment.rules.periods import week_of
from alignment.sign_in import rate_limits
from alignment.web.confirm import confirm_action
from alignment.web.create_once import param
from alignment.web.edit import edit_view
from alignment.web.link_session import GONE, closed_link, link_page
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from alignment.web.team_access import readable_team
from meetings.forms.measures import FULL, AnswerForm, MeasureForm, ValueForm
from meetings.measures.queries import read_measures
from meetings.measures.requests import MEASURE
from meetings.models import Measure, MeasurePoint, ValueConflict
from meetings.models.measures import MeasureQuerySet
from meetings.pages.measures import build_measure_page, build_page, target_in_words
from meetings.rules.measures import WEEKS, last_ended_week

WHY_NOT = "Only the sales leader’s side can change the team’s measures."
WHY_NOT_RAISE = "Observers cannot raise issues. Ask someone who takes part in the meeting."
NOT_OFF = "It is not off in three of the last four weeks any more, or an issue is open already."


def _measures(request: Request) -> MeasureQuerySet:
    return Measure.objects.visible_to(request.user).leading().select_related("team__company", "rep")


def _here(team: Team) -> str:
    return reverse("meetings:measures", args=(team.slug,))


@require_safe
def listing(request: Request, slug: str) -> HttpResponse:
    team = readable_team(request, slug)
    page = build_page(team, request.user, today=team.today(timezone.now()))
    return render(request, "meetings/measures/list.html", {"page": page, "team": team})


@require_safe
def measure(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(_measures(request), pk=pk)
    page = build_measure_page(row, request.user, today=row.team.today(timezone.now()))
    return render(request, "meetings/measures/measure.html", {"page": page, "team": row.team})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, slug: str) -> HttpResponseBase:
    team, now = readable_team(request, slug), timezone.now()
    require(has_permission(request.user, team, can_plan), WHY_NOT)
    if request.method != "POST" and Measure.free_position(team) is None:
        return refuse(request, _here(team), FULL)
    data = request.POST if request.method == "POST" else None
    form = MeasureForm(data, team=team, user=request.user, now=now)
    return edit_view(
        request,
        form,
        save=form.write,
        default=_here(team),
        message="Measure added.",
        heading="Add a measure",
        about=team.name,
        button="Add measure",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    row = get_object_or_404(_measures(request).current(), pk=pk)
    require(row.can_edit(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = MeasureForm(data, instance=row, team=row.team, user=request.user, now=timezone.now())
    return edit_view(
        request,
        form,
        save=form.write,
        default=_here(row.team),
        message="Saved.",
        heading=row.name,
        about=row.team.name,
        button="Save",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def value(request: Request, pk: int) -> HttpResponse:
    """The value of one of the last 13 weeks: the one in the address, else the last that has ended."""
    now = timezone.now()
    row = get_object_or_404(_measures(request).current(), pk=pk, source=Measure.Source.TYPED)
    require(row.can_edit(request.user), WHY_NOT)
    week = _week(request, row.team.today(now))
    form = ValueForm(
        request.POST if request.method == "POST" else None,
        locale=request.user.locale,
        current=_value_of(row, week),
        unit=row.unit,
    )

    def step() -> str:
        entered, before = form.cleaned_data["value"], form.cleaned_data["before"]
        try:
            row.enter(week, entered, before=before, by=request.user, now=now)
        except ValueConflict as conflict:
            form.start_from(conflict.current)
            return _conflict_in_words(conflict, row)
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_here(row.team),
        message=f"Saved: {row.name}.",
        heading=f"{row.name}, week of {day(week)}",
        about=f"{row.team.name}, {target_in_words(row)}",
        button="Save",
        hidden={"week": week.isoformat()},
    )


def _conflict_in_words(conflict: ValueConflict, row: Measure) -> str:
    theirs = (
        "took the value away"
        if conflict.current is None
        else f"entered {measured(conflict.current, row.unit)}"
    )
    return (
        f"Someone {theirs} in the meantime, so nothing was changed. What you typed is below. "
        "Save again to put it in its place."
    )


def _week(request: Request, today: date) -> date:
    """The Monday that is asked for. Raises Http404 for a day that is none of the last 13 Mondays."""
    if not (text := param(request, "week")):
        return last_ended_week(today).start
    try:
        monday, this = date.fromisoformat(text), week_of(today).start
    except ValueError as wrong:
        raise Http404("There is no such week.") from wrong
    if monday.weekday() != 0 or not this - timedelta(weeks=WEEKS - 1) <= monday <= this:
        raise Http404("There is no such week.")
    return monday


def _value_of(row: Measure, week: date) -> Decimal | None:
    return MeasurePoint.objects.filter(measure=row, period=week).values_list("value", flat=True).first()


@require_POST
def raise_issue(request: Request, pk: int) -> HttpResponse:
    row, now = get_object_or_404(_measures(request).current(), pk=pk), timezone.now()
    require(row.can_raise(request.user), WHY_NOT_RAISE)
    here = _here(row.team)
    read = {one.measure.pk: one for one in read_measures(row.team, today=row.team.today(now))}[pk]
    if row.issue_id is None or read.off:
        if not read.off:
            return refuse(request, here, NOT_OFF)
        weeks = ", ".join(f"{day(week.period.start)}: {measured(week.value, row.unit)}" for week in read.off)
        row.raise_issue(f"Target: {target_in_words(row)}. Weeks off: {weeks}.", by=request.user, now=now)
    return back(request, here, message=f"On the agenda: {row.name} is off target.")


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(_measures(request), pk=pk)
    require(row.can_edit(request.user), WHY_NOT)

    def step() -> str:
        row.end(by=request.user, now=timezone.now())
        return ""

    return confirm_action(
        request,
        Question(request.POST if request.method == "POST" else None),
        step=step,
        default=_here(row.team),
        message=f"{row.name} has ended. Its values stay.",
        heading=f"End “{row.name}”?",
        about="It leaves the team’s list. Its values stay and can be read.",
        button="End measure",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@link_page(MEASURE)
def answer(request: HttpRequest, link: Link) -> HttpResponse:
    """The page behind a personal link: the number of the week that the last mail named. What somebody else entered is
    not shown, and not changed.
    """
    rows = Measure.objects.current().select_related("team__company", "rep__joined_into")
    row, now = get_object_or_404(rows, pk=link.thing), timezone.now()
    if row.rep is None or row.rep.known_as.email.lower() != link.email:  # somebody else is asked now
        return closed_link(request, "ended", GONE)
    week = _requested_week(request, row, now)
    answered = _own_answer(row, week)
    form = AnswerForm(
        request.POST if request.method == "POST" and not answered.is_entered else None,
        locale=link.asked_by.locale if link.asked_by else "en-US",
        current=answered.value,
        unit=row.unit,
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if not rate_limits.within(request, "answer_link", about=link.pk):
            return render(request, "429.html", status=429)
        if _save_answer(row, week, form, now):
            link.use(now=now)
            return redirect(f"{request.path}?week={week.isoformat()}")
        status, answered = 409, _own_answer(row, week)
    context = {"link": link, "measure": row, "week": week, "answered": answered, "form": form}
    return render(request, "meetings/measures/answer.html", context, status=status)


class OwnAnswer(NamedTuple):
    """What the person behind a link entered for a week; `is_entered`: somebody else did."""

    value: Decimal | None
    is_entered: bool


def _requested_week(request: HttpRequest, row: Measure, now: datetime) -> date:
    """The Monday that the page names, which a form must say. Raises Http404 for another than the week last asked for
    and the one before it: a page that was opened before the next mail went out.
    """
    week = row.asked_for or last_ended_week(row.team.today(now)).start
    if request.method != "POST" and "week" not in request.GET:
        return week
    data = request.POST if request.method == "POST" else request.GET
    for monday in (week, week - timedelta(weeks=1)):
        if data.get("week") == monday.isoformat():
            return monday
    raise Http404("There is no such week.")


def _own_answer(row: Measure, week: date) -> OwnAnswer:
    assert row.rep is not None
    point = row.points.filter(period=week).first()
    if point is None:
        return OwnAnswer(None, is_entered=False)
    is_own = point.by_id is None and point.rep_id == row.rep.known_as.pk
    return OwnAnswer(point.value if is_own else None, is_entered=not is_own)


def _save_answer(row: Measure, week: date, form: AnswerForm, now: datetime) -> bool:
    """Whether it was saved; if not, the form says what was entered in between."""
    assert row.rep is not None
    value, before = form.cleaned_data["value"], form.cleaned_data["before"]
    try:
        row.enter(week, value, before=before, by=None, rep=row.rep.known_as, now=now)
    except ValueConflict as conflict:
        form.start_from(conflict.current)
        form.add_error(None, _conflict_in_words(conflict, row))
        return False
    return True

"""The agreement of a quarter: read, proposed, confirmed, disagreed with, left open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.agreements.answers import AgreementChangedError, AlreadyAgreedError
from alignment.agreements.disagreement import disagree, leave_open
from alignment.agreements.together import accept_all
from alignment.models import Agreement, Team
from alignment.rules.formatting import number_of
from alignment.rules.periods import Period, key_of_quarter, quarter_before, quarter_of
from alignment.rules.roles import NAMES, Role
from alignment.views.agreements import WHY_NOT, get_agreement, label_of
from alignment.web.confirm import confirm_action
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require
from alignment.web.team_access import readable_team
from deals.goals.agreement import SUBJECT as GOALS
from meetings.agreement.as_it_is import SUBJECTS_AS_THEY_ARE, agree_as_it_is, content_now
from meetings.agreement.known import is_begun, known_values
from meetings.agreement.proposals import ProposedChangedError, closed_initiatives, propose_lines, state_of
from meetings.agreement.queries import read_current, read_lines
from meetings.agreement.subjects import address_of, quarter_part
from meetings.agreement.terms import changes_since, lines_in_words
from meetings.forms.agreement import AgreementForm, DisagreeForm, LeaveOpenForm
from meetings.pages.agreement import AgreementPage, build_page, requested_quarter
from meetings.rules.amounts import amounts

OVER = "This quarter is over. Its agreement stays as it was."
CHANGED = "The agreement was changed in the meantime, so nothing was done. This is how it stands now."
AS_AGREED = "It is as agreed again: there is nothing to leave open."
CHANGED_BELOW = (
    "The agreement was changed while you wrote, so nothing was proposed. What you wrote is below, and under it how "
    "the agreement stands now. Propose it again if it still holds."
)


def _quarter(request: Request, team: Team, now: datetime) -> Period:
    key = request.POST.get("quarter") or request.GET.get("quarter") or ""
    quarter = requested_quarter(team, key, today=team.today(now))
    if quarter is None:
        raise Http404
    return quarter


def _here(team: Team, quarter: Period) -> str:
    return address_of(team.slug, key_of_quarter(quarter))


def _require_principal(request: Request, team: Team, quarter: Period, now: datetime) -> None:
    require(team.is_principal(request.user), WHY_NOT)
    require(quarter.end >= team.today(now) and not team.has_ended(now), OVER)


@require_safe
def agreement(request: Request, slug: str) -> HttpResponse:
    team, now = readable_team(request, slug), timezone.now()
    return _page(request, team, _quarter(request, team, now), now)


def _page(
    request: Request, team: Team, quarter: Period, now: datetime, *, error: str = "", status: int = 200
) -> HttpResponse:
    page = build_page(team, request.user, quarter, now=now)
    context = {"page": page, "team": team, "m": page.m, "error": error}
    return render(request, "meetings/agreement/page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request, slug: str) -> HttpResponse:
    team, now = readable_team(request, slug), timezone.now()
    quarter = _quarter(request, team, now)
    _require_principal(request, team, quarter, now)
    form = _form(request, team, quarter)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                number = propose_lines(
                    team, quarter, form.proposal, state=form.cleaned_data["state"], by=request.user, now=now
                )
            except AgreementChangedError as changed:
                form.add_error(None, _changed_below(changed))
                form.data = form.data.copy()  # type: ignore[attr-defined]
                form.data["state"] = form.initial["state"]  # type: ignore[index]
                status = 409
            else:
                return back(request, _here(team, quarter), message=_proposed(team, request, number))
    page = build_page(team, request.user, quarter, now=now)
    return render(request, "meetings/agreement/propose.html", _form_context(form, page), status=status)


def _changed_below(changed: AgreementChangedError) -> str:
    if not isinstance(changed, ProposedChangedError):
        return CHANGED_BELOW
    what = " and ".join(changed.what)
    return (
        f"The {what} were changed while you wrote, so nothing was proposed. What you wrote is below, with the "
        f"{what} as they are now. Propose it again if it still holds."
    )


def _proposed(team: Team, request: Request, number: int) -> str:
    if not number:
        return "Nothing was changed: all of it is proposed or agreed already."
    other = Role.LEADER if team.role_of(request.user) == Role.CEO else Role.CEO
    verb = "It holds" if number == 1 else "They hold"
    return f"{number_of(number, 'line')} proposed. {verb} once the {NAMES[other]} agrees."


def _form(request: Request, team: Team, quarter: Period) -> AgreementForm:
    rows, current = read_lines(team, quarter), read_current(team, quarter)
    before = quarter_before(quarter, first_month=team.company.fiscal_year_start)
    earlier = rows if is_begun(rows) else read_lines(team, before)
    return AgreementForm(
        request.POST if request.method == "POST" else None,
        team=team,
        user=request.user,
        initiatives=list(current.initiatives.values()),
        closed=[f"“{terms.title}”" for terms in closed_initiatives(rows, key_of_quarter(quarter), current)],
        measures=[terms.in_words for terms in current.measures.values()],
        known=known_values(earlier, current),
        state=state_of(rows, current),
    )


def _form_context(form: AgreementForm, page: AgreementPage) -> Mapping[str, Any]:
    here = _here(page.team, page.quarter)
    return {
        "form": form,
        "page": page,
        "team": page.team,
        "m": page.m,
        "action": reverse("meetings:agreement_propose", args=[page.team.slug]),
        "hidden": {"quarter": page.key},
        "next": here,
        "button": "Propose",
        "heading": f"Propose for {page.quarter.label}",
    }


@require_POST
def confirm(request: Request, slug: str) -> HttpResponse:
    """Yes to all lines that the page showed: to all of them as they were there, or to none."""
    team, now = readable_team(request, slug), timezone.now()
    quarter = _quarter(request, team, now)
    _require_principal(request, team, quarter, now)
    pks = [int(pk) for pk in request.POST.getlist("line") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    visible = {row.pk for row in build_page(team, request.user, quarter, now=now).waiting}
    waiting = [pk for pk in pks if pk in visible]
    try:
        if len(waiting) != len(pks) and not _are_agreed(team, request, pks):
            raise AgreementChangedError
        accept_all(team, pks, by=request.user, now=now)
    except AgreementChangedError:
        return _page(request, team, quarter, now, error=CHANGED, status=409)
    message = (
        f"Agreed: {number_of(len(pks), 'line')} of {quarter.label}." if pks else "Nothing waited for you."
    )
    return back(request, _here(team, quarter), message=message)


def _are_agreed(team: Team, request: Request, pks: list[int]) -> bool:
    """Whether the same yes was sent before: all of them hold with it."""
    side = team.role_of(request.user)
    rows = Agreement.objects.agreed().filter(team=team, pk__in=pks)
    return len(pks) == sum(row.yes_of(side) == request.user.pk for row in rows)


@require_POST
def agree_now(request: Request, slug: str) -> HttpResponse:
    """Yes to the goals that are set, or to measures and initiatives with the targets they have now."""
    team, now = readable_team(request, slug), timezone.now()
    quarter, subject = _quarter(request, team, now), request.POST.get("subject", "")
    _require_principal(request, team, quarter, now)
    if subject not in SUBJECTS_AS_THEY_ARE:
        raise Http404
    try:
        state = request.POST.get("state", "")
        row = agree_as_it_is(team, quarter, subject, state=state, by=request.user, now=now)
    except AgreementChangedError:
        return _page(request, team, quarter, now, error=CHANGED, status=409)
    is_agreed = row.state == Agreement.State.AGREED
    waits = "" if is_agreed else f" It holds once the {NAMES[Role(row.waits_for)]} agrees."
    return back(
        request,
        _here(team, quarter),
        message=f"{'Agreed' if is_agreed else 'Your yes'}: {label_of(row)}.{waits}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def disagree_with_goals(request: Request, slug: str) -> HttpResponse:
    team, now = readable_team(request, slug), timezone.now()
    quarter = _quarter(request, team, now)
    _require_principal(request, team, quarter, now)
    content = content_now(GOALS, [], read_current(team, quarter), team, quarter)
    if content is None:
        return refuse(request, _here(team, quarter), "No goals are set for this quarter yet.")
    form = DisagreeForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        why = form.cleaned_data["why"]
        try:
            disagree(
                team,
                subject=GOALS,
                key=key_of_quarter(quarter),
                content=content,
                by=request.user,
                now=now,
                why=why,
            )
        except AlreadyAgreedError:
            return (
                "You have both said yes to these goals, so they stay agreed. Nothing was changed; "
                "what you wrote is below."
            )
        except AgreementChangedError:
            return (
                "You have said yes to these goals in the meantime. Withdraw that first. Nothing was changed."
            )
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_here(team, quarter),
        message=f"Your disagreement with the goals of {quarter.label} is on the page.",
        heading=f"I do not agree with the goals of {quarter.label}",
        about=". ".join(lines_in_words(GOALS, content, locale=request.user.locale)),
        button="Say so",
        hidden={"quarter": key_of_quarter(quarter)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave_line_open(request: Request, pk: int) -> HttpResponse:
    """Of a line that is no longer as agreed."""
    row, now = get_agreement(request, pk), timezone.now()
    quarter = requested_quarter(row.team, quarter_part(row.key), today=row.team.today(now)) or quarter_of(
        row.team.today(now), first_month=row.team.company.fiscal_year_start
    )
    _require_principal(request, row.team, quarter, now)
    current = read_current(row.team, quarter)
    changes = changes_since(row.subject, row.content, row.facts, current, quarter)
    here = _here(row.team, quarter)
    if not changes and request.method != "POST":
        return refuse(request, here, AS_AGREED)
    form = LeaveOpenForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        if not changes:
            return AS_AGREED
        try:
            leave_open(row, by=request.user, now=now, why=form.cleaned_data["why"], changes=changes)
        except AgreementChangedError:
            return "It was agreed or replaced in the meantime. Nothing was changed."
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=here,
        message=f"Left open: {label_of(row)}.",
        heading=f"Leave open: {label_of(row)}",
        about=_spoken(changes, row.team, request),
        button="Leave it open",
    )


def _spoken(changes: tuple[str, ...], team: Team, request: Request) -> str:
    return amounts(" ".join(changes), currency=team.currency, locale=request.user.locale)

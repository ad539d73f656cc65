"""One person of a company, for its admins: profile, admin role, deactivation and reactivation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.forms.people import PersonForm
from alignment.models import Company, Invite, User
from alignment.pages import people as people_page
from alignment.people import directory, invitations, membership, overview_readers
from alignment.people.invitations import TOO_LATE
from alignment.rules.roles import PRINCIPAL_ROLES
from alignment.sign_in import rate_limits
from alignment.web.company_access import company_for
from alignment.web.confirm import confirm_action
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import back, refuse


class WhyForm(Question):
    why = WordsField(
        label="Reason",
        required=False,
        max_length=300,
        help_text="Recorded in the audit log, which admins can read.",
    )


def _person_of(request: Request, company: str, pk: int) -> tuple[Company, Any]:
    row = company_for(request, company)
    return row, get_object_or_404(directory.everyone(row), pk=pk)


def _page(name: str, company: Company, person: User) -> str:
    return reverse(f"alignment:{name}", args=(company.slug, person.pk))


def _may_mail(request: Request, company: Company, person: User) -> bool:
    return rate_limits.within(request, "invite_again", about=f"{company.pk} {person.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, company: str, pk: int) -> HttpResponseBase:
    row, who = _person_of(request, company, pk)
    now, may_edit = timezone.now(), directory.is_only_here(who, row)
    line = people_page.lines([who], row, now)[0]
    form = PersonForm(request.POST if request.method == "POST" else None, line=line, may_edit=may_edit)
    here = _page("person", row, who)
    if request.method == "POST" and who.state == directory.LEFT:
        return refuse(request, here, f"{who} was deactivated. Reactivate them first.")

    def save() -> User:
        if form.goes_elsewhere and not _may_mail(request, row, who):
            raise ValidationError({"email": rate_limits.TOO_OFTEN})
        return form.write(row, by=request.user, now=now)

    answer = edit_view(
        request,
        form,
        save=save,
        default=here,
        template="setup/person.html",
        message="Saved.",
        company=row,
        line=line,
        heading=who.name,
        about=who.address,
        embedded=True,
        may_edit=may_edit,
        is_self=who.pk == request.user.pk,
    )
    gave_right_away = who.pk == request.user.pk and not row.is_administered_by(request.user)
    return redirect("/") if request.method == "POST" and gave_right_away else answer


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: Request, company: str, pk: int) -> HttpResponse:
    """Shows first which teams would lose their CEO or sales leader."""
    row, who = _person_of(request, company, pk)
    here = _page("person", row, who)
    if who.state == directory.LEFT:
        return back(request, here, message=f"{who} was deactivated.")
    if who.state == directory.INVITED:
        return redirect(_page("person_revoke", row, who))
    form = WhyForm(request.POST if request.method == "POST" else None)
    seats = people_page.lines([who], row, timezone.now())[0].seats

    def step() -> str:
        return membership.deactivate(
            who, row, by=request.user, now=timezone.now(), why=form.cleaned_data["why"]
        )

    return confirm_action(
        request,
        form,
        step=step,
        default=here,
        message=f"{who} was deactivated.",
        heading=f"Deactivate {who}?",
        button="Deactivate",
        ends_something=True,
        template="setup/person_deactivate.html",
        company=row,
        seats=seats,
        left=[seat for seat in seats if seat.role in PRINCIPAL_ROLES],
    )


@require_POST
def take_back(request: Request, company: str, pk: int) -> HttpResponse:
    row, who = _person_of(request, company, pk)
    here = _page("person", row, who)
    if who.state == directory.ACTIVE:
        return back(request, here, message=f"{who} can sign in.")
    if not membership.take_back(who, row, by=request.user, now=timezone.now()):
        return refuse(
            request,
            here,
            "They never accepted the invitation, or the site administrator closed their account.",
        )
    return back(
        request,
        here,
        message=f"{who} can sign in again. Add team roles, the overview and the admin role again.",
    )


@require_POST
def give_overview(request: Request, company: str, pk: int) -> HttpResponse:
    row, who = _person_of(request, company, pk)
    here = _page("person", row, who)
    if not overview_readers.give_overview(who, row, by=request.user, now=timezone.now()):
        return refuse(request, here, f"{who} was deactivated. Reactivate them first.")
    return back(request, here, message=f"{who} reads the overview of {row}.")


@require_POST
def end_overview(request: Request, company: str, pk: int) -> HttpResponse:
    row, who = _person_of(request, company, pk)
    overview_readers.end_overview(who, row, by=request.user, now=timezone.now())
    return back(request, _page("person", row, who), message=f"{who} does not read the overview any more.")


@require_POST
def password(request: Request, company: str, pk: int) -> HttpResponse:
    """Have a link to set a new password sent to the person, and nobody else."""
    row, who = _person_of(request, company, pk)
    here = _page("person", row, who)
    if who.state != directory.ACTIVE:
        return refuse(request, here, "Only active people can set a new password. Nothing was sent.")
    if not rate_limits.within(request, "person_password", about=who.pk):
        return refuse(request, here, rate_limits.TOO_OFTEN)
    membership.send_password(who, row, by=request.user, now=timezone.now())
    return back(request, here, message=f"A password reset link is on its way to {who.email}.")


@require_POST
def resend(request: Request, company: str, pk: int) -> HttpResponse:
    row, who = _person_of(request, company, pk)
    here = _page("person", row, who)
    invite = Invite.objects.open().filter(user=who, company=row).first()
    if invite is None:
        return refuse(request, here, TOO_LATE)
    if not _may_mail(request, row, who):
        return refuse(request, here, rate_limits.TOO_OFTEN)
    if not invitations.resend(invite, by=request.user, now=timezone.now()):
        return refuse(request, here, TOO_LATE)
    return back(
        request,
        here,
        message=f"Resent to {invite.email}. Only the link in the new email works, for seven days.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, company: str, pk: int) -> HttpResponse:
    row = company_for(request, company)
    everyone = reverse("alignment:people", args=(row.slug,))
    who = directory.everyone(row).filter(pk=pk).first()
    if who is None:  # whoever had no seat was deleted with the first click
        return refuse(request, everyone, "This invitation no longer exists.")
    invite = Invite.objects.open().filter(user=who, company=row).first()
    if invite is None:
        return refuse(request, _page("person", row, who), TOO_LATE)
    form = Question(request.POST if request.method == "POST" else None)

    def step() -> str:
        return "" if invitations.revoke(invite, by=request.user, now=timezone.now()) else TOO_LATE

    return confirm_action(
        request,
        form,
        step=step,
        default=everyone,
        message=f"The invitation to {invite.email} was revoked.",
        heading=f"Revoke the invitation to {who}?",
        button="Revoke",
        ends_something=True,
        template="setup/form.html",
        company=row,
        lede="The link in the email stops working, and their team roles end. You can invite them again.",
    )

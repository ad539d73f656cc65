"""One person of a company, for its admins: what is kept of them, their right, their way out and back in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment import inviting, leaving, limits, people
from alignment.access import Request
from alignment.asking import ask
from alignment.forms.fields import WordsField
from alignment.forms.layout import Question
from alignment.forms.people import PersonForm
from alignment.inviting import TOO_LATE
from alignment.models import Company, Invite, User
from alignment.models.teams import Role
from alignment.saving import back, next_page, refuse
from alignment.setup import company_for


class WhyForm(Question):
    why = WordsField(label="Why", required=False, max_length=300, help_text="For the audit; admins read it.")


def _found(request: Request, company: str, pk: int) -> tuple[Company, Any]:
    row = company_for(request, company)
    return row, get_object_or_404(people.everyone(row), pk=pk)


def _page(name: str, company: Company, person: User) -> str:
    return reverse(f"alignment:{name}", args=(company.slug, person.pk))


def _may_mail(request: Request, company: Company, person: User) -> bool:
    return limits.within(request, "invite_again", about=f"{company.pk} {person.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, company: str, pk: int) -> HttpResponse:
    row, who = _found(request, company, pk)
    now, may_edit, name = timezone.now(), people.is_only_here(who, row), who.name
    line = people.lines([who], row, now)[0]
    form = PersonForm(request.POST if request.method == "POST" else None, line=line, may_edit=may_edit)
    here = _page("person", row, who)
    if request.method == "POST" and who.state == people.LEFT:
        return refuse(request, here, f"{who} is deactivated. Take them back first.")
    if (
        request.method == "POST"
        and form.is_valid()
        and form.goes_elsewhere
        and not _may_mail(request, row, who)
    ):
        form.add_error("email", limits.TOO_OFTEN)
    if request.method == "POST" and form.is_valid() and form.keep(row, by=request.user, now=now):
        still = row.memberships.filter(user=request.user, is_admin=True).exists()
        return back(request, here, said="Saved.") if still else redirect("/")
    context = {
        "company": row, "line": line, "form": form, "heading": name,
        "about": who.address, "button": "Save", "embedded": True, "action": request.path, "next": next_page(request, here),
        "may_edit": may_edit, "is_self": who.pk == request.user.pk,
    }  # fmt: skip
    return render(request, "setup/person.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: Request, company: str, pk: int) -> HttpResponse:
    """Says first which teams lose their CEO or leader by it."""
    row, who = _found(request, company, pk)
    here = _page("person", row, who)
    if who.state == people.LEFT:
        return back(request, here, said=f"{who} is deactivated.")
    if who.state == people.INVITED:
        return redirect(_page("person_revoke", row, who))
    form = WhyForm(request.POST if request.method == "POST" else None)
    seats = people.lines([who], row, timezone.now())[0].seats

    def step() -> str:
        return leaving.deactivate(who, row, by=request.user, now=timezone.now(), why=form.cleaned_data["why"])

    return ask(
        request, form, step=step, default=here, said=f"{who} is deactivated.", heading=f"Deactivate {who}?",
        button="Deactivate", template="setup/person_deactivate.html", company=row, seats=seats,
        left=[seat for seat in seats if seat.role in (Role.CEO, Role.LEADER)],
    )  # fmt: skip


@require_POST
def take_back(request: Request, company: str, pk: int) -> HttpResponse:
    row, who = _found(request, company, pk)
    here = _page("person", row, who)
    if who.state == people.ACTIVE:
        return back(request, here, said=f"{who} can sign in.")
    if not leaving.take_back(who, row, by=request.user, now=timezone.now()):
        return refuse(request, here, "They never accepted, or those who run this site closed their account.")
    return back(request, here, said=f"{who} can sign in again. Seats and the admin’s right are given anew.")


@require_POST
def password(request: Request, company: str, pk: int) -> HttpResponse:
    """Have a link to set a new password sent to the person, and nobody else."""
    row, who = _found(request, company, pk)
    here = _page("person", row, who)
    if who.state != people.ACTIVE:
        return refuse(request, here, "Only somebody active sets a new password. Nothing was sent.")
    if not limits.within(request, "person_password", about=who.pk):
        return refuse(request, here, limits.TOO_OFTEN)
    leaving.send_password(who, row, by=request.user, now=timezone.now())
    return back(request, here, said=f"A link to set a new password is on its way to {who.email}.")


@require_POST
def send_again(request: Request, company: str, pk: int) -> HttpResponse:
    row, who = _found(request, company, pk)
    here = _page("person", row, who)
    invite = Invite.objects.open().filter(user=who, company=row).first()
    if invite is None:
        return refuse(request, here, TOO_LATE)
    if not _may_mail(request, row, who):
        return refuse(request, here, limits.TOO_OFTEN)
    if not inviting.send_again(invite, by=request.user, now=timezone.now()):
        return refuse(request, here, TOO_LATE)
    return back(
        request, here, said=f"Sent again to {invite.email}. Only the link in the new mail works, for seven days."
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, company: str, pk: int) -> HttpResponse:
    row = company_for(request, company)
    everyone = reverse("alignment:people", args=(row.slug,))
    who = people.everyone(row).filter(pk=pk).first()
    if who is None:  # whoever had no seat is forgotten with the first click
        return refuse(request, everyone, "There is no such invitation, or no longer.")
    invite = Invite.objects.open().filter(user=who, company=row).first()
    if invite is None:
        return refuse(request, _page("person", row, who), TOO_LATE)
    form = Question(request.POST if request.method == "POST" else None)

    def step() -> str:
        return "" if inviting.revoke(invite, by=request.user, now=timezone.now()) else TOO_LATE

    return ask(
        request, form, step=step, default=everyone, said=f"The invitation of {invite.email} is revoked.",
        heading=f"Revoke the invitation of {who}?", button="Revoke it", template="setup/form.html", company=row,
        lede="The link in the mail stops working, and a seat they were given ends. You can invite them again.",
    )  # fmt: skip

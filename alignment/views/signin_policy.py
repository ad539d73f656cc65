"""How the people of a company sign in: who has a second factor, whether all must, and help for who lost theirs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment import second_factor, sessions
from alignment.access import Request
from alignment.lists import Listing, searched
from alignment.models import Company, User
from alignment.saving import allow, back, refuse
from alignment.setup import company_for

FIRST_YOURSELF = "Set up a second factor for yourself first: else you would lock yourself out of these pages."
NOT_YOURSELF = "Your own second factors are on your page “Sign-in and security”."
ELSEWHERE = (
    "{name} also works for another company here, or runs this site: only whoever runs the site can do this."
)


@require_http_methods(["GET", "HEAD", "POST"])
def signin_policy(request: Request, company: str) -> HttpResponse:
    """GET says who has a second factor; POST asks everybody for one (`required=1`) or no longer."""
    firm = company_for(request, company)
    here = reverse("alignment:signin_policy", args=(firm.slug,))
    if request.method != "POST":
        return _shown(request, firm)
    required = request.POST.get("required")
    if required not in {"0", "1"}:
        return _shown(request, firm, status=422)
    if required == "1" and not second_factor.is_set_up_by(request.user):
        return refuse(request, here, FIRST_YOURSELF)
    second_factor.ask_everybody(firm, required=required == "1", by=request.user, now=timezone.now())
    said = (
        "Everybody is asked for a second factor."
        if required == "1"
        else "A second factor is everybody’s own choice."
    )
    return back(request, here, said=said)


def _shown(request: Request, firm: Company, *, status: int = 200) -> HttpResponse:
    people = second_factor.people_of(firm)
    with_one, everybody = second_factor.how_many_have_one(firm)
    told = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    if told.q:
        people = people.filter(name__icontains=told.q)
    page = told.page(people)
    context = {
        "company": firm, "heading": "Sign-in", "list": told, "page": page, "with_one": with_one,
        "everybody": everybody, "mine": second_factor.is_set_up_by(request.user),
    }  # fmt: skip
    return render(request, "alignment/signin_policy.html", context, status=status)


@require_POST
def person_sessions_end(request: Request, company: str, pk: int) -> HttpResponse:
    """Sign a person of the company out everywhere: a telephone was lost, somebody leaves."""
    firm = company_for(request, company)
    person = _person(firm, pk)
    here = request.session.session_key or ""
    ended = sessions.end(person, by=request.user, now=timezone.now(), company=firm, but=here)
    said = f"{person} is signed out everywhere." if ended else f"{person} was signed in nowhere."
    return back(request, reverse("alignment:signin_policy", args=(firm.slug,)), said=said)


@require_http_methods(["GET", "HEAD", "POST"])
def person_factors_remove(request: Request, company: str, pk: int) -> HttpResponse:
    """For whoever lost them: their second factors go, and they are signed out. GET asks first."""
    firm = company_for(request, company)
    person = _person(firm, pk)
    allow(person != request.user, NOT_YOURSELF)
    allow(second_factor.is_only_of(firm, person), ELSEWHERE.format(name=person))
    here = reverse("alignment:signin_policy", args=(firm.slug,))
    if request.method != "POST":
        context = {"company": firm, "person": person, "heading": f"Remove the second factors of {person}"}
        return render(request, "alignment/factors_remove.html", context)
    second_factor.remove_all(person, by=request.user, now=timezone.now(), company=firm)
    return back(request, here, said=f"{person} signs in with the password alone, and was told by mail.")


def _person(firm: Company, pk: int) -> User:
    return get_object_or_404(second_factor.people_of(firm), pk=pk)

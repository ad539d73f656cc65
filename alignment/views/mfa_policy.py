"""How the people of a company sign in: who has a second factor, whether it
is required, and help after a loss."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.db.search_keys import contains
from alignment.models import Company, User
from alignment.sign_in import mfa, sessions
from alignment.web.company_access import company_for
from alignment.web.listing import Listing, searched
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require

FIRST_YOURSELF = (
    "Set up a second factor for yourself first; otherwise you would lock yourself out of these pages."
)
NOT_YOURSELF = "Manage your own second factor under “Sign-in and security”."
ELSEWHERE = (
    "{name} also belongs to another company or is a site administrator. "
    "Only the site administrator can do this."
)


@require_http_methods(["GET", "HEAD", "POST"])
def signin_policy(request: Request, company: str) -> HttpResponse:
    """GET shows who has a second factor; POST requires one of everybody (`required=1`) or stops."""
    firm = company_for(request, company)
    here = reverse("alignment:signin_policy", args=(firm.slug,))
    if request.method != "POST":
        return _policy_page(request, firm)
    required = request.POST.get("required")
    if required not in {"0", "1"}:
        return _policy_page(request, firm, status=422)
    if required == "1" and not mfa.is_set_up_by(request.user):
        return refuse(request, here, FIRST_YOURSELF)
    mfa.set_requirement(firm, required=required == "1", by=request.user, now=timezone.now())
    message = (
        "A second factor is now required for everyone."
        if required == "1"
        else "A second factor is now optional."
    )
    return back(request, here, message=message)


def _policy_page(request: Request, firm: Company, *, status: int = 200) -> HttpResponse:
    people = mfa.people_of(firm)
    with_one, everybody = mfa.how_many_have_one(firm)
    search = Listing(request.user, request.GET, q=searched(request.GET.get("q", "")))
    if search.q:
        people = people.filter(contains(search.q, "name_key"))
    page = search.page(people)
    context = {
        "company": firm,
        "heading": "Sign-in",
        "list": search,
        "page": page,
        "with_one": with_one,
        "everybody": everybody,
        "mine": mfa.is_set_up_by(request.user),
    }
    return render(request, "alignment/signin_policy.html", context, status=status)


@require_POST
def person_sessions_end(request: Request, company: str, pk: int) -> HttpResponse:
    """Sign a person of the company out everywhere: a lost phone, somebody leaves."""
    firm = company_for(request, company)
    person = _person(firm, pk)
    here = request.session.session_key or ""
    ended = sessions.end(person, by=request.user, now=timezone.now(), company=firm, but=here)
    message = f"{person} was signed out everywhere." if ended else f"{person} was not signed in anywhere."
    return back(request, reverse("alignment:signin_policy", args=(firm.slug,)), message=message)


@require_http_methods(["GET", "HEAD", "POST"])
def person_factors_remove(request: Request, company: str, pk: int) -> HttpResponse:
    """Remove lost second factors and sign the person out. GET asks first."""
    firm = company_for(request, company)
    person = _person(firm, pk)
    require(person != request.user, NOT_YOURSELF)
    require(mfa.is_only_of(firm, person), ELSEWHERE.format(name=person))
    here = reverse("alignment:signin_policy", args=(firm.slug,))
    if request.method != "POST":
        context = {"company": firm, "person": person, "heading": f"Remove the second factors of {person}"}
        return render(request, "alignment/factors_remove.html", context)
    mfa.remove_all(person, by=request.user, now=timezone.now(), company=firm)
    return back(
        request, here, message=f"{person} now signs in with just the password and was notified by email."
    )


def _person(firm: Company, pk: int) -> User:
    return get_object_or_404(mfa.people_of(firm), pk=pk)

"""One's own profile: name, time zone, formats, and the address one signs in with."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alignment import address_changes, leaving, limits
from alignment.access import Request
from alignment.asking import ask
from alignment.forms.people import AboutPerson, AddressForm
from alignment.models import AddressChange
from alignment.saving import back, next_page, refuse

ON_ITS_WAY = "A mail is on its way to {}. Open the link in it within a day; until then you sign in with the address you have."


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    user, here, now = request.user, reverse("alignment:profile"), timezone.now()
    form = AboutPerson(request.POST if request.method == "POST" else None, person=user)

    def step() -> str:
        leaving.change(user, form.told, company=None, by=user, now=timezone.now())
        return ""

    return ask(
        request, form, step=step, default=here, said="Saved.", heading="Your profile", button="Save", embedded=True,
        template="account/profile.html", waiting=AddressChange.objects.filter(user=user, expires_at__gt=now).first(),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: Request) -> HttpResponse:
    """Ask for another address. The answer is the same whether it has an account or not."""
    user, here = request.user, reverse("alignment:profile")
    form = AddressForm(request.POST if request.method == "POST" else None, user=user)
    context = {
        "form": form, "heading": "Another e-mail address", "button": "Send me the link", "action": request.path,
        "next": next_page(request, here), "about": f"You sign in with {user.email}.",
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "components/form_page.html", context)
    if not limits.within(request, "own_password"):
        return refuse(request, here, limits.TOO_OFTEN)
    now = timezone.now()
    typed = form.cleaned_data["email"] if form.is_valid() else ""
    if typed and address_changes.was_just_asked(user, typed, now):
        return back(request, here, said=ON_ITS_WAY.format(typed))
    if typed and not limits.within(request, "new_address"):
        form.add_error(None, limits.TOO_OFTEN)
    if not form.is_valid():
        return render(request, "components/form_page.html", context, status=422)
    address_changes.ask(user, typed, now=now)
    return back(request, here, said=ON_ITS_WAY.format(typed))


@require_POST
def address_cancel(request: Request) -> HttpResponse:
    address_changes.cancel(request.user)
    return back(request, reverse("alignment:profile"), said="Your address stays as it is.")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST does it: mail scanners follow links."""
    row = address_changes.waiting(token, timezone.now())
    if row is None:
        return render(request, "account/address_confirm.html", {"gone": True}, status=410)
    if request.method != "POST":
        return render(request, "account/address_confirm.html", {"row": row})
    done = address_changes.confirm(row, now=timezone.now())
    return render(
        request, "account/address_confirm.html", {"row": row, "done": done, "gone": not done},
        status=200 if done else 410,
    )  # fmt: skip

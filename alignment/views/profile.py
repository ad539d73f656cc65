"""One's own profile: name, time zone, formats, and the address one signs in with."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.forms.people import AboutPerson, AddressForm
from alignment.models import AddressChange
from alignment.sign_in import email_change, rate_limits
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import back, next_page, refuse

CONFIRM_BY_MAIL = (
    "We sent an email to {}. Open the link in it within a day; until then, sign in with your current address."
)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponseBase:
    user, here, now = request.user, reverse("alignment:profile"), timezone.now()
    form = AboutPerson(request.POST if request.method == "POST" else None, person=user)
    return edit_view(
        request,
        form,
        save=lambda: form.write(None, by=user, now=now),
        default=here,
        template="account/profile.html",
        message="Saved.",
        heading="Your profile",
        embedded=True,
        waiting=AddressChange.objects.filter(user=user, expires_at__gt=now).first(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: Request) -> HttpResponse:
    """Request a new address. The response is the same whether it has an account or not."""
    user, here = request.user, reverse("alignment:profile")
    form = AddressForm(request.POST if request.method == "POST" else None, user=user)
    context = {
        "form": form,
        "heading": "Change email address",
        "button": "Send link",
        "action": request.path,
        "next": next_page(request, here),
        "about": f"You sign in with {user.email}.",
    }
    if request.method != "POST":
        return render(request, "components/form_page.html", context)
    if not rate_limits.within(request, "own_password"):
        return refuse(request, here, rate_limits.TOO_OFTEN)
    now = timezone.now()
    typed = form.cleaned_data["email"] if form.is_valid() else ""
    if typed and email_change.was_just_requested(user, typed, now):
        return back(request, here, message=CONFIRM_BY_MAIL.format(typed))
    if typed and not rate_limits.within(request, "new_address"):
        form.add_error(None, rate_limits.TOO_OFTEN)
    if not form.is_valid():
        return render(request, "components/form_page.html", context, status=422)
    email_change.request_change(user, typed, now=now)
    return back(request, here, message=CONFIRM_BY_MAIL.format(typed))


@require_POST
def address_cancel(request: Request) -> HttpResponse:
    email_change.cancel(request.user)
    return back(request, reverse("alignment:profile"), message="Your address was not changed.")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST does it: mail scanners follow links."""
    row = email_change.waiting(token, timezone.now())
    if row is None:
        return render(request, "account/address_confirm.html", {"gone": True}, status=410)
    if request.method != "POST":
        return render(request, "account/address_confirm.html", {"row": row})
    done = email_change.confirm(row, now=timezone.now())
    return render(
        request,
        "account/address_confirm.html",
        {"row": row, "done": done, "gone": not done},
        status=200 if done else 410,
    )

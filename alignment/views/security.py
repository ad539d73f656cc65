"""One's own sign-in: password, second factors, recovery codes, browsers."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment import sessions
from alignment.access import Request
from alignment.saving import back
from alignment.second_factor import Factors


@require_safe
def security(request: Request) -> HttpResponse:
    rows = Authenticator.objects.filter(user=request.user).order_by("created_at", "pk")
    linked = settings.OIDC and SocialAccount.objects.filter(user=request.user).exists()
    context = {
        "factors": Factors.of(rows), "browsers": sessions.browsers_of(request, request.user),
        "provider": settings.OIDC[0]["name"] if linked else "", "owes": request.user.owes_factor,
    }  # fmt: skip
    return render(request, "alignment/security.html", context)


@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    """Sign one other browser out."""
    row = get_object_or_404(UserSession, pk=pk, user=request.user)
    here = request.session.session_key or ""
    sessions.end(request.user, by=request.user, now=timezone.now(), but=here, only=row.pk)
    said = f"{sessions.named(row.user_agent)} is signed out."
    return back(request, reverse("alignment:security"), said=said)


@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """Sign all other browsers out."""
    here = request.session.session_key or ""
    ended = sessions.end(request.user, by=request.user, now=timezone.now(), but=here)
    said = "All other browsers are signed out." if ended else "You are signed in with this browser only."
    return back(request, reverse("alignment:security"), said=said)

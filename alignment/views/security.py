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

from alignment.sign_in import sessions
from alignment.sign_in.mfa import Factors
from alignment.web.requests import Request
from alignment.web.responses import back


@require_safe
def security(request: Request) -> HttpResponse:
    rows = Authenticator.objects.filter(user=request.user).order_by("created_at", "pk")
    linked = settings.OIDC and SocialAccount.objects.filter(user=request.user).exists()
    context = {
        "factors": Factors.of(rows),
        "browsers": sessions.browsers_of(request, request.user),
        "provider": settings.OIDC[0]["name"] if linked else "",
        "owes": request.user.owes_factor,
    }
    return render(request, "alignment/security.html", context)


@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    """Sign one other browser out."""
    row = get_object_or_404(UserSession, pk=pk, user=request.user)
    here = request.session.session_key or ""
    sessions.end(request.user, by=request.user, now=timezone.now(), but=here, only=row.pk)
    message = f"{sessions.named(row.user_agent)} was signed out."
    return back(request, reverse("alignment:security"), message=message)


@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """Sign all other browsers out."""
    here = request.session.session_key or ""
    ended = sessions.end(request.user, by=request.user, now=timezone.now(), but=here)
    message = "All other browsers were signed out." if ended else "You are signed in on this browser only."
    return back(request, reverse("alignment:security"), message=message)

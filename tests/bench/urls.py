"""Our addresses and, beside them, the bare pages that everything is compared to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from alignment.models import Team
from alignment.urls import urlpatterns as ours


def bare(request: HttpRequest) -> HttpResponse:
    """Session, sign-in, one indexed query, a tiny template."""
    return render(request, "bench/page.html", {"team": get_object_or_404(Team, slug="bench-0")})


def bare_list(request: HttpRequest, rows: int) -> HttpResponse:
    return render(request, "bench/list.html", {"teams": Team.objects.order_by("slug")[:rows]})


def bare_save(request: HttpRequest) -> HttpResponse:
    """Session, sign-in, CSRF, one update."""
    Team.objects.filter(slug="bench-0").update(timezone="Europe/Paris")
    return HttpResponse(status=204)


urlpatterns = [path("bare/", bare), path("bare/save/", bare_save), path("bare/<int:rows>/", bare_list), *ours]

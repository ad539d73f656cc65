"""The menus as a page shows them: what its reader may open, and where they are."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse

from alignment.models import Team
from alignment.registry.menus import MAIN, SETUP, TEAM

register = template.Library()

ROOM_UNDER_THE_THUMB = 4


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: str
    url: str
    current: bool
    near: bool


@register.simple_tag(takes_context=True)
def nav_items(context: Context) -> list[MenuItem]:
    """The reader's places in order; none for someone not signed in."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    pages = MAIN.pages_for(user)
    few = len(pages) <= ROOM_UNDER_THE_THUMB
    urls = [reverse(page.url_name) for page in pages]
    return [
        MenuItem(page.label, url, _is_inside(url, request.path), few or page.is_near)
        for page, url in zip(pages, urls, strict=True)
    ]


def _is_inside(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


@register.simple_tag(takes_context=True)
def setup_parts(context: Context) -> list[MenuItem]:
    """The parts of the setup of `company`, which the page's context holds."""
    path, slug = context["request"].path, context["company"].slug
    places = [(page.label, reverse(page.url_name, args=(slug,))) for page in SETUP.pages()]
    inside = max((url for _, url in places if path.startswith(url)), key=len, default="")
    return [MenuItem(label, url, url == inside, near=True) for label, url in places]


@register.inclusion_tag("components/team_pages.html", takes_context=True)
def team_pages(context: Context, team: Team, current: str = "") -> dict[str, list[MenuItem]]:
    """The pages of the team's figures, for whoever reads the team. `current` is the URL name of the one that is open,
    where its address does not say so.
    """
    path = context["request"].path
    pages = [(page, reverse(page.url_name, args=(team.slug,))) for page in TEAM.pages()]
    return {
        "pages": [
            MenuItem(page.label, url, page.url_name == current or path.startswith(url), near=True)
            for page, url in pages
        ]
    }

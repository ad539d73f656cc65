"""The main navigation: who sees which places, and which one the reader is in."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse

register = template.Library()

PLACES = (
    ("Today", "/"),
    ("Meetings", "/meetings/"),
    ("Deals", "/deals/"),
    ("Risks", "/risks/"),
    ("Initiatives", "/initiatives/"),
    ("Issues", "/issues/"),
    ("Commitments", "/commitments/"),
)
"""What a person sees whose `nav_items()` does not say otherwise."""

SETUP: tuple[tuple[str, str], ...] = (
    ("Overview", "meetings:setup"),
    ("Company", "alignment:company"),
    ("People", "alignment:people"),
    ("Sign-in", "alignment:signin_policy"),
    ("Teams", "meetings:setup_teams"),
    ("Goals", "deals:goals"),
    ("Revenue", "deals:setup_revenue"),
    ("Changes", "alignment:audit"),
    ("Data", "alignment:data"),
)
"""The parts of a company's setup, each the name of an address that takes the company's slug."""

NEAR = frozenset({"Today", "Meetings", "Deals", "Commitments"})
"""Four places stand in the bar under the thumb; the fifth entry there is More."""


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    url: str
    current: bool
    near: bool


@register.simple_tag(takes_context=True)
def nav_items(context: Context) -> list[Place]:
    """The reader's places in order, given as a path or the name of a URL; none for someone not signed in."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    chosen = user.nav_items() if hasattr(user, "nav_items") else PLACES
    places = [(label, target if target.startswith("/") else reverse(target)) for label, target in chosen]
    return [_place(label, url, request.path, few=len(places) < 5) for label, url in places]


def _place(label: str, url: str, path: str, *, few: bool) -> Place:
    current = path == url or (url != "/" and path.startswith(url))
    return Place(label, url, current, few or label in NEAR)


@register.simple_tag(takes_context=True)
def setup_parts(context: Context) -> list[Place]:
    """The parts of the setup of `company`, which the page's context holds."""
    path, slug = context["request"].path, context["company"].slug
    places = [(label, reverse(name, args=(slug,))) for label, name in SETUP]
    inside = max((url for _, url in places if path.startswith(url)), key=len, default="")
    return [Place(label, url, url == inside, near=True) for label, url in places]

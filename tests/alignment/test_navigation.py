"""The main navigation."""

from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.test import RequestFactory

from alignment.templatetags.navigation import nav_items


def places(path, user):
    request = RequestFactory().get(path)
    request.user = user
    return nav_items(Context({"request": request}))


def person(**own):
    return SimpleNamespace(is_authenticated=True, **own)


def test_everyone_sees_the_seven_places():
    assert [p.label for p in places("/", person())][:3] == ["Today", "Meetings", "Deals"]


def test_the_place_one_is_in_is_marked_also_below_it():
    assert [p.label for p in places("/meetings/7/prepare/", person()) if p.current] == ["Meetings"]
    assert [p.label for p in places("/", person()) if p.current] == ["Today"]


def test_four_places_stand_under_the_thumb():
    assert [p.label for p in places("/", person()) if p.near] == ["Today", "Meetings", "Deals", "Commitments"]


def test_a_person_with_few_places_has_them_all_under_the_thumb():
    admin = person(nav_items=lambda: [("Today", "/"), ("Teams", "/teams/")])
    assert [(p.label, p.near) for p in places("/", admin)] == [("Today", True), ("Teams", True)]


def test_nobody_signed_in_sees_no_place():
    assert places("/", AnonymousUser()) == []


def test_a_page_without_a_request_sees_no_place():
    assert nav_items(Context()) == []


def test_who_administers_has_the_setup_last(cast):
    assert cast.admin.nav_items() == [("Today", "/"), ("Meetings", "/meetings/"), ("Setup", "/setup/")]
    assert "Setup" not in dict(cast.ceo.nav_items())

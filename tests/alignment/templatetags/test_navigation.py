"""The main navigation."""

from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.test import RequestFactory

from alignment.registry.menus import Menu, MenuPage
from alignment.templatetags.navigation import nav_items


def places(path, user):
    request = RequestFactory().get(path)
    request.user = user
    return nav_items(Context({"request": request}))


def person(*, seated=True, administers=False, plans=False, overview=False):
    return SimpleNamespace(
        is_authenticated=True, seated=seated, administers=administers, plans=plans, reads_overview=overview
    )


def labels(user):
    return [place.label for place in places("/", user)]


def test_who_has_a_seat_sees_the_seven_places_of_all_apps_in_order():
    assert labels(person()) == ["Today", "Meetings", "Deals", "Risks", "Initiatives", "Issues", "Commitments"]


def test_the_place_one_is_in_is_marked_also_below_it():
    assert [p.label for p in places("/meetings/7/prepare/", person()) if p.current] == ["Meetings"]
    assert [p.label for p in places("/", person()) if p.current] == ["Today"]


def test_three_places_and_more_stand_under_the_thumb():
    assert [p.label for p in places("/", person()) if p.near] == ["Today", "Meetings", "Deals"]


def test_a_person_with_few_places_has_them_all_under_the_thumb():
    admin = person(seated=False, administers=True)
    assert [(p.label, p.near) for p in places("/", admin)] == [
        ("Today", True),
        ("Meetings", True),
        ("Imports", True),
        ("Setup", True),
    ]


def test_nobody_signed_in_sees_no_place():
    assert places("/", AnonymousUser()) == []


def test_a_page_without_a_request_sees_no_place():
    assert nav_items(Context()) == []


def test_who_administers_has_the_setup_last(cast):
    assert labels(cast.admin) == ["Today", "Meetings", "Imports", "Setup"]
    assert "Setup" not in labels(cast.ceo)


def test_who_may_import_sees_it_among_the_places(cast):
    who_may = ("admin", "leader", "second_leader", "delegate")
    assert all("Imports" in labels(getattr(cast, role)) for role in who_may)
    assert not any("Imports" in labels(getattr(cast, role)) for role in ("ceo", "facilitator", "observer"))


def test_a_page_registered_twice_stands_there_once():
    menu = Menu()
    menu.register(
        MenuPage(label="Late", url_name="b", position=20), MenuPage(label="Early", url_name="a", position=10)
    )
    menu.register(MenuPage(label="Later", url_name="b", position=20))
    assert [page.label for page in menu.pages()] == ["Early", "Later"]

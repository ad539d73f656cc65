"""When the demo company may be added, and when not."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from alignment.models import Company, User
from meetings.management.commands import seed_demo
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def embedded(settings, monkeypatch):
    settings.EMBEDDED = True
    monkeypatch.setattr(seed_demo, "WEEKS", 2)


def test_fills_an_empty_database():
    call_command("seed_demo", verbosity=0)
    signs_in = User.objects.get(email="ceo@demo.test").check_password("demo-password")
    assert signs_in
    assert Company.objects.count() == 2


def test_takes_the_day_it_is_dated_from():
    call_command("seed_demo", today=date(2026, 11, 23), verbosity=0)
    north = Company.objects.get(slug="carver-lowe").teams.get(slug="north")
    assert str(north.meetings.ahead().first().starts_at) == "2026-11-24 20:00:00+00:00"


def test_refuses_where_there_are_people():
    make_user()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("seed_demo", verbosity=0)
    assert User.objects.count() == 1


def test_if_empty_does_nothing_where_there_are_people(capsys):
    make_user()
    call_command("seed_demo", if_empty=True)
    assert User.objects.count() == 1
    assert capsys.readouterr() == ("", "")


def test_refuses_in_production(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="embedded default only"):
        call_command("seed_demo", if_empty=True, verbosity=0)
    assert not User.objects.exists()

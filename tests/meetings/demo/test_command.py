"""When the demo company may be added, and when not."""

from datetime import date
from unittest.mock import MagicMock

import pytest
from django.core.management import CommandError, call_command

from alignment.management.commands.start import alone_on_data_dir
from alignment.models import Company, User
from meetings.management.commands import demo_reset, seed_demo
from tests.factories import make_company, make_invited, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


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
    with pytest.raises(CommandError, match="embedded database only"):
        call_command("seed_demo", if_empty=True, verbosity=0)
    assert not User.objects.exists()


@pytest.fixture
def demo(settings, tmp_path, monkeypatch) -> list[str]:
    """The demo in the database; what `demo_reset` asks and calls. Nothing is flushed: the test's transaction
    would end.
    """
    called: list[str] = []
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(demo_reset, "call_command", lambda name, **_: called.append(name))
    monkeypatch.setattr(demo_reset, "connection", MagicMock())
    call_command("seed_demo", verbosity=0)
    return called


def test_the_demo_is_made_anew_when_it_is_said_so(demo, monkeypatch, capsys):
    questions: list[str] = []
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or "yes")
    call_command("demo_reset")
    assert demo[-2:] == ["flush", "seed_demo"]
    assert "Delete the demo company" in questions[0]
    assert "The old database is saved as" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["no", ""])
def test_without_a_yes_it_stays(demo, monkeypatch, answer):
    monkeypatch.setattr("builtins.input", lambda question: answer)
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("demo_reset")
    assert "flush" not in demo


def test_a_script_that_cannot_answer_resets_the_demo(demo, monkeypatch):
    def nobody_is_there(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody_is_there)
    call_command("demo_reset")
    assert demo[-2:] == ["flush", "seed_demo"]


def a_person():
    make_user(email="joe@acme.com")


def a_company():
    make_company(name="Acme", slug="acme")


def an_invitation():
    make_invited(company=Company.objects.get(slug="carver-lowe"), email="ann@acme.com")


@pytest.mark.parametrize("real", [a_person, a_company, an_invitation])
def test_anything_real_is_never_deleted(demo, real):
    real()
    with pytest.raises(CommandError, match=r"more than the demo \(.*Nothing was changed"):
        call_command("demo_reset", yes=True)
    assert "flush" not in demo


def test_nothing_is_deleted_while_the_site_runs(demo):
    with alone_on_data_dir(), pytest.raises(CommandError, match="already running"):
        call_command("demo_reset", yes=True)
    assert demo == []


def test_no_production_is_reset(demo, settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="embedded default only"):
        call_command("demo_reset", yes=True)
    assert demo == []

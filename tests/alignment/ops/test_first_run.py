"""The first visit to an empty installation, and `manage.py create_company`."""

from __future__ import annotations

import runpy
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings as now_set
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from alignment.company import creation
from alignment.models import Company, Entry, User
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
TOLD = {
    "company": "Brandt & Söhne",
    "currency": "EUR",
    "timezone": "berlin",
    "fiscal_year_start": "4",
    "person": "Ada Brandt",
    "email": "Ada@Brandt.test",
    "password": "five green bottles",
}


def path() -> str:
    return creation.link().removeprefix(now_set.BASE_URL)


def test_the_link_makes_the_company_and_its_admin_and_signs_them_in(client: Client) -> None:
    answer = client.post(path(), TOLD, follow=True)
    company, admin = Company.objects.get(), User.objects.get()
    assert (company.name, company.slug, company.currency) == ("Brandt & Söhne", "brandt-sohne", "EUR")
    assert (company.timezone, company.fiscal_year_start) == ("Europe/Berlin", 4)
    assert admin.email == "ada@brandt.test" and admin.check_password("five green bottles")
    assert company.is_administered_by(admin) and answer.context["user"] == admin
    assert (
        answer.redirect_chain[-1][0] == "/setup/brandt-sohne/"
        and "You are the only person so far" in answer.content.decode()
    )


def test_the_beginning_is_in_the_audit(client: Client) -> None:
    client.post(path(), TOLD)
    entry = Entry.objects.get(what="company.made")
    assert (entry.about, entry.by, entry.company) == (
        "Brandt & Söhne",
        User.objects.get(),
        Company.objects.get(),
    )


def test_the_page_says_at_each_field_what_is_wrong_and_keeps_what_was_typed(client: Client) -> None:
    wrong = TOLD | {
        "company": " ",
        "timezone": "Atlantis",
        "currency": "XXX",
        "email": "no",
        "password": "password",
    }
    answer = client.post(path(), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and not User.objects.exists()
    for said in (
        "Enter the company’s name.",
        "“Atlantis” is not a known time zone",
        "Choose a currency from the list",
        "not a valid email address",
    ):
        assert said in page
    assert "too common" in page and "Ada Brandt" in page and 'value="password"' not in page


def test_a_password_like_the_address_is_refused(client: Client) -> None:
    answer = client.post(path(), TOLD | {"password": "ada@brandt.test"})
    assert answer.status_code == 422 and "too similar" in answer.content.decode()


def test_the_link_is_of_use_once(client: Client) -> None:
    first = path()
    client.post(first, TOLD)
    assert Client().get(first).status_code == 404
    assert Client().post(first, TOLD | {"email": "eve@brandt.test"}).headers["Location"] == "/setup/"
    assert Company.objects.count() == User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_five_times_at_once_makes_one_company() -> None:
    first = path()

    def send(number: int) -> int:
        try:
            return Client().post(first, TOLD | {"email": f"ada{number}@brandt.test"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(send, range(5))) == {302}
    assert Company.objects.count() == User.objects.count() == 1


def test_no_link_opens_anything_once_somebody_is_known(client: Client) -> None:
    make_user()
    assert client.get(path()).status_code == 404
    with pytest.raises(creation.AlreadySetUpError):
        creation.create_first_company(
            creation.NewCompany(
                company="B", currency="USD", timezone="UTC", fiscal_year_start=1, person="E", email="e@b.test"
            ),
            password="x",
            now=NOW,
        )


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 403)])
def test_the_link_holds_a_day(client: Client, hours: int, status: int) -> None:
    with time_machine.travel(NOW, tick=False):
        link = path()
    with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
        assert client.get(link).status_code == status


@pytest.mark.parametrize("salt", ["alignment.company.creation", "another"])
def test_a_link_that_is_not_ours_opens_nothing(client: Client, salt: str) -> None:
    token = signing.TimestampSigner(salt=salt, key="not our key").sign("x")
    answer = client.post(f"/first/{token}/", TOLD)
    assert answer.status_code == 403 and "create_company" in answer.content.decode()
    assert not User.objects.exists()


# What is said where


def test_an_empty_installation_says_so_and_where_the_link_is(client: Client) -> None:
    page = client.get("/", follow=True).content.decode()
    assert "No company is set up yet" in page and "manage.py create_company" in page and "/first/" not in page


def test_a_set_up_installation_says_nothing_of_it(client: Client) -> None:
    make_user()
    assert "set up" not in client.get("/accounts/login/").content.decode()


def gunicorn() -> dict[str, Any]:
    return runpy.run_path(str(Path(__file__).parents[3] / "gunicorn.conf.py"))


@pytest.mark.parametrize(("embedded", "age", "says"), [(False, 1, True), (False, 2, False), (True, 1, False)])
def test_the_web_process_prints_the_link_once_in_production(
    settings: Any, capsys: Any, embedded: bool, age: int, says: bool
) -> None:
    hook = gunicorn()["post_worker_init"]
    hook.__globals__["settings"] = SimpleNamespace(EMBEDDED=embedded)
    hook(SimpleNamespace(age=age))
    assert ("/first/" in capsys.readouterr().err) == says


def test_the_web_process_of_a_set_up_installation_prints_nothing(capsys: Any) -> None:
    make_user()
    creation.announce()
    assert capsys.readouterr().err == ""


# manage.py create_company


def test_the_command_alone_prints_a_link(capsys: Any, client: Client) -> None:
    call_command("create_company")
    said = capsys.readouterr().out
    link = next(word for word in said.split() if "/first/" in word)
    assert client.get(link.removeprefix(now_set.BASE_URL)).status_code == 200


def test_the_command_alone_refuses_a_set_up_installation() -> None:
    make_user()
    with pytest.raises(CommandError, match="already set up"):
        call_command("create_company")


def test_the_command_makes_a_company_whose_admin_chooses_a_password(capsys: Any, client: Client) -> None:
    call_command("create_company", "Brandt", email="ada@brandt.test", person="Ada Brandt", timezone="Paris")
    link = next(word for word in capsys.readouterr().out.split() if "/reset/key/" in word)
    admin = User.objects.get(email="ada@brandt.test")
    assert Company.objects.get().is_administered_by(admin) and not admin.has_usable_password()
    page = client.get(link.removeprefix(now_set.BASE_URL), follow=True)
    assert page.status_code == 200 and "password1" in page.content.decode()


def test_the_command_takes_somebody_known_as_they_are(capsys: Any) -> None:
    known = make_user(email="ada@brandt.test", name="Ada")
    call_command("create_company", "Brandt", email="ADA@brandt.test")
    call_command("create_company", "Brandt", email="ada@brandt.test")
    assert [c.slug for c in Company.objects.order_by("pk")] == ["brandt", "brandt-2"]
    assert known.memberships.filter(is_admin=True).count() == 2 and "password" not in capsys.readouterr().out


def test_the_command_says_what_is_missing() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("create_company", "Brandt", currency="zloty")
    assert (
        "--email" in str(refused.value)
        and "--admin" in str(refused.value)
        and "--currency" in str(refused.value)
    )
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("name", "slug"), [("Ünal", "unal"), ("株式会社", "company"), ("A" * 120, "a" * 50), ("--", "company")]
)
def test_a_company_has_an_address_in_plain_letters(name: str, slug: str) -> None:
    assert creation.free_slug(name) == slug

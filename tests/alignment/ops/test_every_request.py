import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from alignment.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


@login_not_required
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


urlpatterns = [path("page", page), path("open", open_to_all), path("", include("alignment.urls"))]
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/teams/north/?week=3"}


@pytest.fixture
def reader(client):
    user = User.objects.create_user("reader@example.com", name="Reader")
    client.force_login(user)
    return user


def test_a_stranger_is_sent_to_sign_in(client):
    answer = client.get("/page")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/page")


def test_htmx_is_sent_there_as_a_whole_page_and_back_to_where_it_was(client):
    answer = client.get("/page", headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fteams%2Fnorth%2F%3Fweek%3D3"
    assert "Location" not in answer.headers


def test_htmx_is_never_sent_to_another_host(client):
    answer = client.get("/page", headers=HTMX | {"HX-Current-URL": "https://evil.example/x"})
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2F"


def test_no_page_of_a_signed_in_person_is_stored(client, reader):
    assert client.get("/page").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-x/",
        "/accounts/password/reset/key/1-set-password/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
        "/invitation/x/",
        "/first/x/",
        "/profile/address/x/",
        "/unsubscribe/x/",
        "/calendar/x.ics",
        "/nowhere/",
        "/healthz",
    ],
)
def test_nor_is_a_page_for_whoever_has_a_link(path, client):
    assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("zone", "shown"), [("Asia/Kolkata", "Asia/Kolkata"), ("", "UTC"), ("../etc", "UTC"), ("Europe", "UTC")]
)
def test_times_are_shown_in_the_readers_zone(client, reader, zone, shown):
    User.objects.filter(pk=reader.pk).update(timezone=zone)
    assert client.get("/page").text == shown
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_page_costs_one_session_query_and_one_user_query(client, reader, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/page")


def test_every_answer_has_an_id_of_our_own(client):
    ids = {client.get("/page", headers={"X-Request-ID": "forged"}).headers["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2
    assert "forged" not in ids


def test_the_policy_allows_nothing_inline(client):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_nobody_can_sign_themselves_up(client):
    person = {"email": "new@example.com", "password1": "long-enough-for-anyone"}
    assert client.post("/accounts/signup/", person).status_code == 404
    assert not User.objects.filter(email="new@example.com").exists()


def test_people_sign_in_by_e_mail_and_password(client):
    User.objects.create_user("reader@example.com", "long-enough-for-anyone", name="Reader")
    answer = client.post(
        "/accounts/login/", {"login": "Reader@example.com", "password": "long-enough-for-anyone"}
    )
    assert (answer.status_code, answer.url) == (302, "/")


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(client):
    User.objects.create_user("reader@example.com", "long-enough-for-anyone", name="Reader")
    answers = [
        client.post("/accounts/login/", {"login": email, "password": "wrong"})
        .context["form"]
        .errors.as_json()
        for email in ("reader@example.com", "nobody@example.com")
    ]
    assert answers[0] == answers[1]


def test_a_view_that_asks_nobody_who_they_are_costs_no_query(client, reader, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/open")
    assert (answer.text, answer.headers["Cache-Control"]) == ("UTC", "private, no-store")

"""A database that takes no writes: full, or read-only. Pages are read on, a change is answered
503 in a plain sentence, nothing is half written, and the next change after it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.signals import connection_created
from django.test import Client

from alignment.models import User
from meetings.models import Issue, Meeting, Update
from tests.cast import Cast
from tests.factories import make_issue

pytestmark = [pytest.mark.django_db(transaction=True)]
SQLITE = connection.vendor == "sqlite"
#: Less than 4000 letters and more bytes than one page of the database holds.
LONG = "Für März über größere Mengen gesprochen. " * 95
PAGE = 4000  # bytes of a value that one page of the database holds, and a little less


def ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def grow_for_ever(pages: int) -> None:
    while True:
        pages += 1
        with transaction.atomic():
            run("DELETE FROM filling", f"INSERT INTO filling VALUES (zeroblob({pages * PAGE}))")


def full() -> Iterator[None]:
    """No page is left: one value grows by a page at a time, which no tree of rows does."""
    run("CREATE TABLE filling (bytes BLOB)", "INSERT INTO filling VALUES (zeroblob(1))")
    limit = f"PRAGMA max_page_count = {ask('PRAGMA page_count')}"

    def keep_limit(**_: object) -> None:  # the limit is one of the connection, not of the file
        ask(limit)

    ask(limit)
    connection_created.connect(keep_limit)
    with pytest.raises(OperationalError, match="full"):
        grow_for_ever(max(0, int(ask("PRAGMA freelist_count")) - 5))
    assert ask("PRAGMA freelist_count") == "0"
    yield
    connection_created.disconnect(keep_limit)
    ask("PRAGMA max_page_count = 1073741823")
    run("DROP TABLE filling")


def read_only() -> Iterator[None]:
    setting = "PRAGMA query_only = {}" if SQLITE else "SET default_transaction_read_only = {}"
    run(setting.format("on"))
    yield
    run(setting.format("off"))


@pytest.fixture(params=[full, read_only] if SQLITE else [read_only])
def trouble(request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """`trouble()` begins it; called again it ends. It has ended after the test in any case."""
    course = request.param()

    def turn() -> None:
        next(course, None)

    yield turn
    for _ in course:
        pass


@pytest.fixture
def leader(cast: Cast, as_: Callable[[User], Client]) -> Client:
    client = as_(cast.leader)
    client.raise_request_exception = False
    return client


def words(client: Client, meeting: Meeting, **headers: str) -> int:
    told = {"section": "revenue", "text": LONG, "version": 0}
    return client.post(f"/meetings/{meeting.pk}/update/", told, headers=headers).status_code


def test_reading_goes_on_and_nothing_is_lost(
    leader: Client, cast: Cast, meeting: Meeting, trouble: Callable[[], None]
) -> None:
    make_issue(team=cast.north, title="Credit checks")
    trouble()
    for path in (
        "/",
        f"/meetings/{meeting.pk}/prepare/",
        "/issues/",
        "/deals/",
        "/deals/revenue/",
        "/outbox/",
    ):
        assert leader.get(path).status_code == 200, path
    assert b"Credit checks" in leader.get("/issues/").content


@pytest.mark.parametrize("headers", [{}, {"X-Autosave": "1"}, {"HX-Request": "true"}])
def test_a_change_says_that_it_was_not_saved_and_the_next_one_works(
    leader: Client, meeting: Meeting, trouble: Callable[[], None], headers: dict[str, str]
) -> None:
    trouble()
    assert [words(leader, meeting, **headers) for _ in range(5)] == [503] * 5
    assert not Update.objects.exists()
    trouble()
    assert words(leader, meeting, **headers) in (200, 204, 302)  # htmx is told where to go
    assert Update.objects.get().text == LONG.strip()


def test_a_refused_change_is_not_half_there(
    leader: Client, cast: Cast, meeting: Meeting, trouble: Callable[[], None]
) -> None:
    trouble()
    told = {"title": "Credit checks", "detail": LONG, "section": "issues", "team": "north"}
    statuses = [leader.post("/issues/new/", told).status_code for _ in range(20)]
    assert set(statuses) <= {302, 503} and statuses[-1] == 503
    assert Issue.objects.count() == statuses.count(302)
    trouble()
    assert leader.post("/issues/new/", told).status_code == 302
    assert not SQLITE or ask("PRAGMA integrity_check") == "ok"


def test_the_answer_is_a_sentence_with_a_way_on(
    leader: Client, meeting: Meeting, trouble: Callable[[], None]
) -> None:
    trouble()
    response = leader.post(
        f"/meetings/{meeting.pk}/update/", {"section": "revenue", "text": LONG, "version": 0}
    )
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "was not saved: go back, where your text is still in the form" in response.content.decode()


def test_one_who_cannot_be_signed_in_gets_no_fault_and_may_try_again(
    cast: Cast, client: Client, trouble: Callable[[], None]
) -> None:
    client.raise_request_exception = False
    told = {"login": cast.leader.email, "password": "demo-password"}
    trouble()
    assert client.post("/accounts/login/", told).status_code in (302, 429, 503)
    trouble()
    assert client.post("/accounts/login/", told).status_code == 302


def test_a_question_wrong_for_the_database_is_our_fault(leader: Client) -> None:
    run("ALTER TABLE meetings_issue RENAME TO gone")
    try:
        assert leader.get("/issues/").status_code == 500
    finally:
        run("ALTER TABLE gone RENAME TO meetings_issue")

"""Somebody without an account is asked for the number of the week by a personal link, once a week."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from alignment.models import Link
from alignment.outbox.delivery import deliver_due
from alignment.sweep.run import sweep
from deals.models import Rep
from meetings.models import Measure
from tests.cast import Cast
from tests.factories import NOW, make_measure, make_point, make_rep

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
LAST_WEEK = date(2026, 11, 16)


@pytest.fixture
def rep(cast: Cast) -> Rep:
    return make_rep(team=cast.north, name="Rita Rep", email="Rita@demo.test")


@pytest.fixture
def measure(cast: Cast, rep: Rep) -> Measure:
    return make_measure(team=cast.north, name="Plant visits", rep=rep)


def asked(now: datetime = NOW) -> list[EmailMessage]:
    with time_machine.travel(now, tick=False):
        sweep(now)
        deliver_due()
    return [message for message in mail.outbox if "rita@demo.test" in message.to]


def opened(message: EmailMessage) -> tuple[Client, str]:
    visitor = Client()
    token = re.search(r"/l/([\w-]{43})/", str(message.body))
    assert token
    return visitor, visitor.get(f"/l/{token[1]}/").url  # type: ignore[attr-defined]


def send(visitor: Client, path: str, value: str) -> HttpResponse:
    """As the page that is open there is sent."""
    return visitor.post(path, hidden(visitor, path) | {"value": value})


def hidden(visitor: Client, path: str) -> dict[str, str]:
    page = visitor.get(path).content.decode()
    return {name: field_value(page, name) for name in ("week", "before")}


def field_value(page: str, name: str) -> str:
    field = re.search(rf'<input type="hidden" name="{name}"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', field[0]) if field else None
    return value[1] if value else ""


def test_asked_by_mail_they_answer_with_one_number(cast: Cast, measure: Measure, rep: Rep) -> None:
    (message,) = asked()
    assert message.subject == "Plant visits, week of 16 Nov"
    assert message.reply_to == [cast.leader.email]
    visitor, path = opened(message)
    assert "What was it in the week of 16 Nov?" in visitor.get(path).content.decode()
    assert send(visitor, path, "4").url == f"{path}?week=2026-11-16"  # type: ignore[attr-defined]
    point = measure.points.get()
    assert (point.period, point.value, point.by, point.rep) == (LAST_WEEK, 4, None, rep)
    page = visitor.get(path).content.decode()
    assert "Thank you, it is saved: 4" in page
    send(visitor, path, "5")  # corrected
    assert measure.points.get().value == 5
    assert Link.objects.get().opened_at == NOW


@pytest.mark.parametrize("value", ["", "many", "1e5", "-1"])
def test_an_answer_that_is_no_number_is_refused_where_it_was_typed(measure: Measure, value: str) -> None:
    visitor, path = opened(asked()[0])
    assert send(visitor, path, value).status_code == 422
    assert not measure.points.exists()


SUNDAY = datetime(2026, 11, 29, 22, 50, tzinfo=UTC)
"""Ten minutes before midnight where the team is."""
MONDAY = datetime(2026, 11, 29, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize("later", [MONDAY, MONDAY + timedelta(hours=9)], ids=["before the mail", "after it"])
def test_an_answer_is_of_the_week_its_page_named_however_late_it_is_sent(
    measure: Measure, later: datetime
) -> None:
    (message,) = asked()
    with time_machine.travel(SUNDAY, tick=False):
        visitor, path = opened(message)
        fields = hidden(visitor, path)
    asked(later)
    with time_machine.travel(later, tick=False):
        page = visitor.post(path, fields | {"value": "4"}, follow=True).content.decode()
    assert "it is saved: 4 in the week of 16 Nov" in " ".join(page.split())
    assert [(point.period, point.value) for point in measure.points.all()] == [(LAST_WEEK, 4)]


def test_the_link_asks_for_the_week_of_the_last_mail(measure: Measure) -> None:
    (message,) = asked()
    later = NOW + timedelta(days=7)
    with time_machine.travel(later - timedelta(hours=6), tick=False):  # Monday, before the mail
        visitor, path = opened(message)
        assert "in the week of 16 Nov?" in visitor.get(path).content.decode()
    newest = asked(later)[-1]
    with time_machine.travel(later, tick=False):
        visitor, path = opened(newest)
        assert "in the week of 23 Nov?" in visitor.get(path).content.decode()


@pytest.mark.parametrize("week", ["", "2026-11-23", "2026-11-02", "2026-11-17", "soon"])
def test_no_other_week_is_answered(measure: Measure, week: str) -> None:
    visitor, path = opened(asked()[0])
    assert visitor.post(path, {"week": week, "value": "4"}).status_code == 404
    assert visitor.get(f"{path}?week={week or 'none'}").status_code == 404
    assert not measure.points.exists()


def test_a_second_window_does_not_overwrite_unnoticed(measure: Measure) -> None:
    visitor, path = opened(asked()[0])
    fields = hidden(visitor, path)
    visitor.post(path, fields | {"value": "4"})
    answer = visitor.post(path, fields | {"value": "5"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "entered 4 in the meantime" in page
    assert 'value="5"' in page
    assert measure.points.get().value == 4
    again = {name: field_value(page, name) for name in ("week", "before")}
    visitor.post(path, again | {"value": "5"})
    assert measure.points.get().value == 5


def test_once_a_week_and_the_next_week_again(measure: Measure) -> None:
    assert len(asked()) == 1
    assert len(asked(NOW + timedelta(days=6))) == 1
    assert len(asked(NOW + timedelta(days=7))) == 2
    assert Link.objects.count() == 1


def test_not_before_monday_morning_in_the_teams_zone(measure: Measure) -> None:
    """North is in Paris, an hour ahead."""
    assert not asked(datetime(2026, 11, 23, 6, 59, tzinfo=UTC))
    assert len(asked(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))) == 1


def test_not_for_what_was_entered_already(measure: Measure) -> None:
    make_point(measure=measure, period=LAST_WEEK, value=3)
    assert not asked()


def test_not_for_weeks_before_it_was_agreed(cast: Cast, rep: Rep) -> None:
    make_measure(team=cast.north, rep=rep, created_at=NOW - timedelta(minutes=5))
    assert not asked()


def test_not_after_it_has_ended_and_the_link_ends_with_it(cast: Cast, measure: Measure) -> None:
    visitor, path = opened(asked()[0])
    measure.end(by=cast.leader, now=NOW)
    assert visitor.get(path).status_code == 410
    assert len(asked(NOW + timedelta(days=7))) == 1


def test_what_the_leader_entered_is_neither_shown_nor_changed(cast: Cast, measure: Measure) -> None:
    visitor, path = opened(asked()[0])
    fields = hidden(visitor, path)
    make_point(measure=measure, period=LAST_WEEK, value=77, by=cast.leader)
    page = visitor.get(path).content.decode()
    assert "was entered already" in page
    assert "77" not in page
    assert visitor.post(path, fields | {"value": "4"}).status_code == 200
    assert measure.points.get().value == 77


def test_when_somebody_else_is_asked_the_earlier_link_opens_nothing(cast: Cast, measure: Measure) -> None:
    visitor, path = opened(asked()[0])
    Measure.objects.update(rep=make_rep(team=cast.north, email="other@demo.test"))
    assert visitor.get(path).status_code == 410

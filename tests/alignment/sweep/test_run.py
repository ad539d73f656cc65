"""One pass over steps made for the test: what fails for one unit, and what becomes of the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Company, Heartbeat, SweepFailure
from alignment.sweep import run, steps
from alignment.sweep.run import sweep
from alignment.sweep.steps import Step, register_step
from tests.factories import NOW, make_company

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
Do = Callable[[Company, Any], dict[str, int]]


def renamed(company: Company, now: object) -> dict[str, int]:
    """What the steps of these tests do to a unit, a company."""
    Company.objects.filter(pk=company.pk).update(name="Done")
    return {"renamed": 1}


def broken_for(*broken: Company) -> Do:
    """Does its work, and then fails for these."""

    def do(company: Company, now: object) -> dict[str, int]:
        done = renamed(company, now)
        if company in broken:
            raise RuntimeError("its row is bad")
        return done

    return do


def step(do: Do, *, name: str = "renaming", **fields: Any) -> Step[Company]:
    find = fields.pop("find", lambda now: Company.objects.exclude(name="Done").order_by("pk"))
    return Step(name=name, unit="company", counts=("renamed",), find=find, do=do, **fields)


@pytest.fixture
def companies() -> list[Company]:
    return [make_company() for _ in range(4)]


@pytest.fixture
def with_steps(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    return lambda *chosen: monkeypatch.setattr(run, "STEPS", list(chosen))


def done() -> set[int]:
    return set(Company.objects.filter(name="Done").values_list("pk", flat=True))


def test_one_unit_that_fails_stops_no_other_and_changes_nothing(companies, with_steps) -> None:
    with_steps(step(broken_for(companies[1])), step(renamed, name="later", find=lambda now: companies[:1]))
    result = sweep(NOW)
    assert done() == {companies[0].pk, companies[2].pk, companies[3].pk}
    assert result.counts == {"renamed": 4}
    assert result.failures == {"renaming": [companies[1].pk]}


def test_a_unit_of_which_it_cannot_be_said_whether_it_is_due_stops_no_other(companies, with_steps) -> None:
    def is_due(company: Company, now: object) -> bool:
        if company == companies[1]:
            raise KeyError("Mars/Olympus")
        return company != companies[2]

    with_steps(step(renamed, is_due=is_due))
    assert sweep(NOW).failures == {"renaming": [companies[1].pk]}
    assert done() == {companies[0].pk, companies[3].pk}


def test_a_step_that_cannot_find_its_units_stops_no_other_step(companies, with_steps) -> None:
    def find(now: object) -> list[Company]:
        raise RuntimeError("bad query")

    with_steps(step(renamed, name="broken", find=find), step(renamed))
    result = sweep(NOW)
    assert len(done()) == 4
    assert list(result.failed_units()) == ["broken: the whole step"]


def test_it_is_tried_again_and_forgotten_once_it_works(companies, with_steps) -> None:
    with_steps(step(broken_for(companies[1])))
    sweep(NOW)
    sweep(NOW + MINUTE)
    failure = SweepFailure.objects.get()
    assert (failure.step, failure.unit_id, failure.error) == ("renaming", companies[1].pk, "RuntimeError")
    assert (failure.times, failure.first_at, failure.last_at) == (2, NOW, NOW + MINUTE)
    assert Heartbeat.objects.get(name="sweep").failures == {"renaming": 1}
    with_steps(step(renamed))
    assert sweep(NOW + 2 * MINUTE).failures == {}
    assert len(done()) == 4
    assert not SweepFailure.objects.exists()
    assert Heartbeat.objects.get(name="sweep").failures == {}


# The log


def test_the_same_failure_is_logged_once_an_hour_and_counted_always(companies, with_steps, caplog) -> None:
    with_steps(step(broken_for(companies[1])))
    for minutes in range(121):
        sweep(NOW + minutes * MINUTE)
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 3  # at 0, 60 and 120 minutes
    assert f"renaming: company {companies[1].pk}, failed 61 times" in errors[1].getMessage()
    assert "its row is bad" in str(errors[1].exc_info)
    assert SweepFailure.objects.get().times == 121


def test_the_row_of_a_failed_statement_is_not_logged(companies, with_steps, caplog) -> None:
    def refused(company: Company, now: object) -> dict[str, int]:
        row = f"(7, what {company.name} wrote)"
        raise IntegrityError(f"null value in column\nDETAIL:  Failing row contains {row}.")

    with_steps(step(refused))
    sweep(NOW)
    assert "null value in column" in caplog.text and "in refused" in caplog.text
    assert f"what {companies[0].name} wrote" not in caplog.text


def test_of_two_processes_at_the_same_moment_one_logs_and_both_count() -> None:
    [first] = SweepFailure.objects.record("renaming", {7: "KeyError"}, NOW)
    assert SweepFailure.objects.record("renaming", {7: "KeyError"}, NOW) == []
    first.refresh_from_db()
    assert first.times == 2


def test_a_pass_that_ends_late_forgets_nothing_that_failed_in_a_newer_one(companies, with_steps) -> None:
    SweepFailure.objects.record("renaming", {companies[1].pk: "KeyError"}, NOW + MINUTE)
    with_steps(step(renamed))
    sweep(NOW)
    assert SweepFailure.objects.count() == 1


@pytest.mark.parametrize("number", [1, 60])
def test_failures_are_recorded_in_a_fixed_number_of_queries_and_few_tracebacks(number, caplog) -> None:
    with CaptureQueriesContext(connection) as caught:
        SweepFailure.objects.record("renaming", dict.fromkeys(range(1, number + 1), "KeyError"), NOW)
    assert len(caught) <= 7


def test_when_everything_fails_the_first_say_why_and_the_others_are_named(with_steps, caplog) -> None:
    many = [make_company() for _ in range(23)]
    with_steps(step(broken_for(*many)))
    sweep(NOW)
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len([record for record in errors if record.exc_info]) == 20
    assert str(many[-1].pk) in errors[-1].getMessage()


# Many at once


@pytest.fixture
def batches() -> list[list[int]]:
    return []


def in_batches(broken: Company | None, batches: list[list[int]]) -> Step[Company]:
    one = broken_for(broken) if broken else renamed

    def many(units: Sequence[Company], now: object) -> dict[str, int]:
        batches.append([unit.pk for unit in units])
        return {"renamed": sum(one(unit, now)["renamed"] for unit in units)}

    return step(one, do_many=many)


def test_many_are_done_together(companies, with_steps, batches) -> None:
    with_steps(in_batches(None, batches))
    assert sweep(NOW).counts == {"renamed": 4}
    assert batches == [[company.pk for company in companies]]


def test_a_batch_that_fails_is_done_one_by_one(companies, with_steps, batches) -> None:
    with_steps(in_batches(companies[1], batches))
    result = sweep(NOW)
    assert done() == {companies[0].pk, companies[2].pk, companies[3].pk}
    assert (result.counts, result.failures) == ({"renamed": 3}, {"renaming": [companies[1].pk]})


def test_what_failed_last_time_breaks_no_batch(companies, with_steps, batches) -> None:
    with_steps(in_batches(companies[1], batches))
    sweep(NOW)
    new = [make_company().pk, make_company().pk]
    sweep(NOW + MINUTE)
    assert batches[1:] == [new]
    assert set(new) <= done()


# The database


def test_a_lost_connection_ends_the_pass(companies, with_steps, monkeypatch) -> None:
    def lose(company: Company, now: object) -> dict[str, int]:
        monkeypatch.setattr(connection, "is_usable", lambda: False)
        raise OperationalError("server closed the connection unexpectedly")

    with_steps(step(lose), step(renamed, name="later"))
    with pytest.raises(OperationalError):
        sweep(NOW)
    assert not done() and not SweepFailure.objects.exists() and not Heartbeat.objects.exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ends_ends_the_pass_and_the_next_one_works(
    companies, with_steps
) -> None:
    def end_session(company: Company, now: object) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return {}

    with_steps(step(end_session))
    with pytest.raises(OperationalError):
        sweep(NOW)
    connection.close()
    with_steps(step(renamed))
    assert sweep(NOW + MINUTE).counts == {"renamed": 4}


def test_an_error_of_the_database_about_one_unit_ends_nothing(companies, with_steps) -> None:
    def locked(company: Company, now: object) -> dict[str, int]:
        if company == companies[0]:
            raise OperationalError("database is locked")
        return renamed(company, now)

    with_steps(step(locked))
    assert sweep(NOW).failures == {"renaming": [companies[0].pk]}
    assert len(done()) == 3


# What is said of it


def test_the_command_says_what_was_done_and_what_failed(companies, with_steps, capsys) -> None:
    with_steps(step(broken_for(companies[1])))
    call_command("sweep")
    assert capsys.readouterr().out.splitlines() == [
        "Renamed 3.",
        "Messages: none due.",
        f"Failed, will be retried at the next run: renaming: company {companies[1].pk}.",
    ]


def test_the_heartbeat_says_with_failures() -> None:
    beat = Heartbeat(name="sweep", at=NOW, failures={"renaming": 2})
    assert str(beat).endswith("with failures")
    assert [beat.state(NOW + minutes * MINUTE) for minutes in (5, 6)] == ["with failures", "late"]


def test_two_steps_of_the_same_name_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(steps, "STEPS", [])
    register_step(step(renamed))
    with pytest.raises(ValueError, match="renaming"):
        register_step(step(renamed))

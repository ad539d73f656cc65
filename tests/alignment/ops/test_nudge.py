import logging
import time

import pytest
from django.db import transaction

from alignment import celery
from alignment.celery import nudge, publish
from tests.speed import at_most


def test_a_hung_broker_costs_a_page_less_than_two_seconds_once(hung_broker, caplog):
    with caplog.at_level(logging.WARNING), at_most(2, time.perf_counter):
        for _ in range(5):
            publish("alignment.tasks.sweep")
    assert caplog.text.count("was not published") == 1


@pytest.mark.django_db
def test_a_nudge_waits_for_the_commit(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(celery.app, "send_task", lambda name, **options: sent.append((name, options["args"])))
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        nudge("alignment.tasks.deliver", 7)
        assert sent == []
    assert sent == [("alignment.tasks.deliver", (7,))]

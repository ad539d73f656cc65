"""What a process that a fault test starts knows beside the product: the kind “test”, and a quicker beat."""

import os

from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        from alignment.celery import app
        from tests.faults.delivering import register

        register()
        if every := os.environ.get("TEST_BEAT_EVERY"):
            for entry in app.conf.beat_schedule.values():
                entry["schedule"] = float(every)

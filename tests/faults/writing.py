"""One of several writers of a database, a process of its own: `python -m tests.faults.writing NUMBER SECONDS`.

Says as JSON what was acknowledged, which answers came, and the milliseconds each save took. NUMBER "clock" sweeps and
delivers instead, as worker and beat do.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import Any

import django


def clock(seconds: float) -> dict[str, Any]:
    from django.utils import timezone

    from alignment.outbox.delivery import deliver_due
    from alignment.sweep.run import sweep

    until, swept, sent = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        sweep(timezone.now())
        sent += deliver_due().get("sent", 0)
        swept += 1
        time.sleep(0.2)
    return {"swept": swept, "sent": sent}


def write(number: int, seconds: float) -> dict[str, Any]:
    """Save words, raise an issue, write down revenue, as fast as the answers come."""
    from django.test import Client

    from alignment.models import User
    from meetings.models import Meeting

    client = Client(raise_request_exception=False)
    user = User.objects.get(email=f"writer{number}@demo.test")
    client.force_login(user)
    meeting = Meeting.objects.ahead().filter(team__seats__user=user).earliest("starts_at")
    slug, day = meeting.team.slug, meeting.team.starts_on.isoformat()
    client.get(f"/meetings/{meeting.pk}/prepare/")  # a server that just started is slow for once
    until, each, version = time.monotonic() + seconds, 0, 0
    kept, answers, took = [], Counter[str](), []
    while time.monotonic() < until:
        each += 1
        word = f"w{number}-{each}"
        paths: list[tuple[str, dict[str, Any]]] = [
            (f"/meetings/{meeting.pk}/update/", {"section": "revenue", "text": word, "version": version}),
            ("/issues/new/", {"team": slug, "title": word}),
            ("/deals/revenue/new/", {"team": slug, "day": day, "amount": "100", "note": word}),
        ]
        path, told = paths[each % 3]
        began = time.monotonic()
        response = client.post(path, told, headers={"X-Autosave": "1"})
        took.append(round((time.monotonic() - began) * 1000, 1))
        answers[f"{response.status_code}{' locked' if b'locked' in response.content else ''}"] += 1
        if response.status_code == 204:
            kept.append((path.split("/")[1], word))
            version = int(response["X-Version"]) if "/update/" in path else version
        time.sleep(0.03)  # nobody types faster
    return {"kept": kept, "answers": answers, "took": took}


if __name__ == "__main__":
    django.setup()
    who, lasts = sys.argv[1], float(sys.argv[2])
    print(json.dumps(clock(lasts) if who == "clock" else write(int(who), lasts)))

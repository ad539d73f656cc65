"""Fill a database as the squashed history leaves it, then bring it to the newest.

`python -m tests.faults.migrating TEAMS WEEKS`, on an empty database. Says as JSON how many rows there were, how long
it took, and which tables say something else.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import django

from tests.speed import at_most

BEFORE = [("alignment", "0001_initial"), ("deals", "0001_initial"), ("meetings", "0001_initial")]
NOW, WEEK = datetime(2026, 11, 23, 8, tzinfo=UTC), timedelta(weeks=1)
ZONE, SINCE = "Europe/Paris", date(2024, 1, 1)
SECTIONS = ("revenue", "deals", "risks", "initiatives", "issues")


class Filling:
    """Rows of the models as they were then."""

    def __init__(self, apps: Any, teams: int, weeks: int) -> None:
        self.apps, self.weeks = apps, weeks
        self.company = self.put("alignment.Company", [{"name": "Demo", "slug": "demo", "timezone": ZONE}])[0]
        people = (
            {"email": f"p{each}@demo.test", "name": f"Person {each}", "password": "!"}
            for each in range(2 * teams)
        )
        self.people = self.put("alignment.User", people)
        self.teams = self.put(
            "alignment.Team",
            (
                {
                    "company": self.company,
                    "name": f"Team {each}",
                    "slug": f"team-{each}",
                    "timezone": ZONE,
                    "starts_on": SINCE,
                }
                for each in range(teams)
            ),
        )
        self.two = [(self.people[2 * each], self.people[2 * each + 1]) for each in range(teams)]
        self.seated()
        for number, team in enumerate(self.teams):
            self.money(team, *self.two[number])
            self.met(team, *self.two[number])

    def put(self, model: str, rows: Iterable[dict[str, Any]]) -> list[Any]:
        there = self.apps.get_model(model)
        return list(there.objects.bulk_create((there(**row) for row in rows), batch_size=500))

    def seated(self) -> None:
        self.put(
            "alignment.Membership", [{"company": self.company, "user": self.people[0], "is_admin": True}]
        )
        seats = self.put(
            "alignment.Seat",
            (
                {"team": team, "user": user, "role": role, "since": SINCE}
                for team, two in zip(self.teams, self.two, strict=True)
                for user, role in zip(two, ("ceo", "leader"), strict=True)
            ),
        )
        self.put(
            "meetings.Invitation",
            (
                {
                    "seat": seat,
                    "weekday": 0,
                    "local_time": "09:00",
                    "timezone": ZONE,
                    "starts_on": SINCE,
                    "created_at": NOW,
                }
                for seat in seats
            ),
        )

    def past(self) -> Iterator[datetime]:
        return (NOW - each * WEEK for each in range(1, self.weeks + 1))

    def money(self, team: Any, ceo: Any, leader: Any) -> None:
        months = {at.date().replace(day=1) for at in self.past()}
        goals = self.put(
            "alignment.Goal", ({"team": team, "month": month, "amount": 100_000} for month in sorted(months))
        )
        self.put(
            "alignment.GoalChange",
            ({"team": team, "month": goal.month, "new": 100_000, "at": NOW} for goal in goals),
        )
        by = {"team": team, "created_by": leader, "created_at": NOW}
        deals = self.put(
            "deals.Deal",
            (
                {**by, "name": f"Deal {each}", "amount": 5000 + each, "changed_at": NOW}
                | (
                    {}
                    if each % 3
                    else {"capacity_what": "Welders", "capacity_by": NOW.date(), "capacity_who": "Ann"}
                )
                for each in range(30)
            ),
        )
        self.put(
            "deals.DealChange",
            (
                {
                    "deal": deal,
                    "field": "close_date",
                    "old": "2026-10-01",
                    "new": "2026-12-01",
                    "day": at.date(),
                    "at": at,
                    "reason": "Board",
                }
                for deal in deals
                for at in list(self.past())[::15]
            ),
        )
        self.put(
            "deals.RevenueEntry",
            ({**by, "day": at.date(), "amount": Decimal("1234.56")} for at in self.past() for _ in range(3)),
        )
        self.put(
            "deals.Risk",
            (
                {**by, "name": f"Risk {each}", "what_is_wrong": "The champion left.", "changed_at": NOW}
                for each in range(10)
            ),
        )
        kinds = ("rep", "other")
        measured = {"measure": "Partners", "unit": "firms", "baseline": 1, "target": 9, "current": 4}
        plans = self.put(
            "meetings.Initiative",
            (
                {**by, "title": f"Plan {each}", "kind": kinds[each % 2], "changed_at": NOW, **measured}
                | self.decided(each % 4, ceo)
                for each in range(8)
            ),
        )
        self.put(
            "meetings.InitiativePoint",
            ({"initiative": plan, "at": at, "value": 4} for plan in plans for at in self.past()),
        )
        issues = ("issues", "ceo")
        self.put(
            "meetings.Issue",
            (
                {
                    **by,
                    "title": f"Issue {each}",
                    "section": issues[0],
                    "side": issues[1],
                    "changed_at": NOW,
                    "initiative": plans[each % 8],
                }
                for each in range(40)
            ),
        )

    def decided(self, number: int, ceo: Any) -> dict[str, Any]:
        """Not asked, approved, sent back, changed since."""
        word, why = (("", ""), ("agreed", ""), ("not_yet", "Too dear"), ("changed", ""))[number]
        return {"ceo_word": word, "ceo_why": why} | ({"ceo_word_at": NOW, "ceo_word_by": ceo} if word else {})

    def met(self, team: Any, ceo: Any, leader: Any) -> None:
        past = list(self.past())
        held = self.put(
            "meetings.Meeting",
            (
                {
                    "team": team,
                    "planned_start": at,
                    "starts_at": at,
                    "state": "held",
                    "started_at": at,
                    "closed_at": at,
                    "started_by": ceo,
                }
                for at in past[2:]
            ),
        )
        missed = self.put(
            "meetings.Meeting",
            (
                {
                    "team": team,
                    "planned_start": at,
                    "starts_at": at,
                    "state": "missed",
                    "missed_at": at,
                    "missed_by": "both",
                }
                for at in past[:2]
            ),
        )
        self.put("meetings.Meeting", [{"team": team, "planned_start": NOW, "starts_at": NOW}])
        self.put(
            "meetings.Flag",
            ({"team": team, "meeting": missed[-1], "step": step, "raised_at": NOW} for step in (1, 2)),
        )
        self.put(
            "meetings.MissAnswer",
            ({"meeting": each, "user": ceo, "text": "Ill", "at": NOW} for each in missed),
        )
        words = (
            {
                "meeting": each,
                "section": section,
                "side": "leader",
                "author": leader,
                "text": "Words",
                "changed_at": NOW,
            }
            for each in held
            for section in SECTIONS
        )
        self.put("meetings.Update", words)
        self.put(
            "meetings.Record",
            (
                {
                    "meeting": each,
                    "agenda": {"ceo": {"id": ceo.pk}, "leader": {"id": leader.pk}},
                    "pair_texts": {f"user-{ceo.pk}": "Joe"},
                    "text": "North",
                    "created_at": NOW,
                }
                for each in held
            ),
        )
        self.put(
            "meetings.Rating",
            ({"meeting": each, "user": ceo, "role": "ceo", "score": 9, "at": NOW} for each in held),
        )
        self.put(
            "meetings.Attendance",
            ({"meeting": each, "user": ceo, "role": "ceo", "present": True, "at": NOW} for each in held),
        )
        self.put(
            "meetings.PrivateNote",
            ({"meeting": each, "author": ceo, "text": "Ask", "changed_at": NOW} for each in held),
        )
        by = {"team": team, "created_by": ceo, "created_at": NOW}
        self.put(
            "meetings.Decision",
            ({**by, "meeting": each, "section": "issues", "text": "Raise prices"} for each in held),
        )
        promised = {"section": "revenue", "owner": leader, "due": NOW.date(), "changed_at": NOW}
        self.put(
            "meetings.Commitment",
            (
                {**by, **promised, "meeting": each, "text": f"Call {each.pk}"}
                for each in held
                for _ in range(2)
            ),
        )
        self.put(
            "alignment.Notice",
            (
                {
                    "key": f"recap:{each.pk}:{user.pk}",
                    "kind": "recap",
                    "to": user,
                    "created_at": NOW,
                    "due_at": NOW,
                    "sent_at": NOW,
                }
                for each in held
                for user in (ceo, leader)
            ),
        )


#: Columns whose facts were given up. A reminder's notice now names what it asks for.
DROPPED = {"meetings_meeting.asked_at"}


def columns(apps: Any) -> dict[str, list[str]]:
    """Of every table its columns, as they were then."""
    rooms = (apps.get_app_config(room) for room in ("alignment", "deals", "meetings"))
    models = (model for room in rooms for model in room.get_models(include_auto_created=True))
    return {model._meta.db_table: [field.column for field in model._meta.concrete_fields] for model in models}


#: Columns that have another name now.
RENAMED = {
    "meetings_meeting": {
        "handed_in_at": "submitted_at",
        "handed_in_by_id": "submitted_by_id",
        "due_at_hand_in": "due_when_submitted",
        "missing_at_hand_in": "missing_when_submitted",
    },
    "meetings_flag": {"word": "comment"},
}
#: Columns that are no more: what they said before, where that stands now, and how it is read there.
MOVED: dict[str, tuple[str, str, Callable[[tuple[Any, ...]], tuple[Any, ...]]]] = {
    f"{table}.{before}": (
        f'SELECT "{before}" FROM "{table}" ORDER BY "id"',
        f'SELECT "{now}" FROM "{table}" ORDER BY "id"',
        tuple,
    )
    for table, names in RENAMED.items()
    for before, now in names.items()
}


MOVED["deals_deal.owner"] = (  # a text before, a rep of that name now
    'SELECT "owner" FROM "deals_deal" ORDER BY "id"',
    """SELECT COALESCE(deals_rep.name, '') FROM deals_deal
    LEFT JOIN deals_rep ON deals_rep.id = deals_deal.rep_id ORDER BY deals_deal.id""",
    tuple,
)
#: What is now rows of a table of its own: as above, of those that had it.
for _name, _now in {"what": "what", "by": "needed_by", "who": "who"}.items():
    MOVED[f"deals_deal.capacity_{_name}"] = (
        f"""SELECT "capacity_{_name}" FROM "deals_deal" WHERE "capacity_what" <> '' ORDER BY "id\"""",
        f'SELECT "{_now}" FROM "deals_capacityneed" ORDER BY "deal_id"',
        tuple,
    )
for _name, _now in {
    "measure": "name",
    "unit": "unit",
    "baseline": "baseline",
    "target": "target",
    "current": "(SELECT value FROM meetings_measurepoint WHERE measure_id = m.id ORDER BY at DESC LIMIT 1)",
}.items():
    MOVED[f"meetings_initiative.{_name}"] = (
        f'SELECT "{_name}" FROM "meetings_initiative" ORDER BY "id"',
        f'SELECT {_now} FROM "meetings_measure" m ORDER BY "initiative_id"',
        tuple,
    )
for _name in ("id", "initiative_id", "at", "value"):
    MOVED[f"meetings_initiativepoint.{_name}"] = (
        'SELECT "initiative_id", "at", "value" FROM "meetings_initiativepoint" ORDER BY "initiative_id", "at"',
        """SELECT m.initiative_id, p.at, p.value FROM meetings_measurepoint p
        JOIN meetings_measure m ON m.id = p.measure_id ORDER BY m.initiative_id, p.at""",
        tuple,
    )
_STATE = """CASE WHEN a.id IS NULL THEN '' WHEN i.plan_number > 1 THEN 'changed'
    WHEN a.state = 'declined' THEN 'not_yet' ELSE 'agreed' END"""
for _name, _now in {
    "word": _STATE,
    "why": "COALESCE(a.why, '')",
    "word_at": "COALESCE(a.closed_at, a.ceo_at)",
    "word_by_id": "COALESCE(a.closed_by_id, a.ceo_id)",
}.items():
    MOVED[f"meetings_initiative.ceo_{_name}"] = (  # an expression, as it is now, is read as one
        f'SELECT COALESCE("ceo_{_name}", NULL) FROM "meetings_initiative" ORDER BY "id"',
        f"""SELECT {_now} FROM meetings_initiative i
        LEFT JOIN alignment_agreement a ON a.id = i.decision_id ORDER BY i.id""",
        tuple,
    )
#: Rows that a migration adds: the first sight of every deal.
ADDED = {"deals_dealchange": "field = 'seen'"}


def asked(question: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def said(tables: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Of every column that is still there how many rows it has and what they say."""
    from django.db import connection

    found = {}
    there = set(connection.introspection.table_names())
    for table in sorted(set(tables) & there):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            now = {column[0] for column in cursor.description}
        for name in set(tables[table]) & now:
            known = f"NOT {ADDED[table]}" if table in ADDED else "1 = 1"
            column = asked(f'SELECT "{name}" FROM "{table}" WHERE {known} ORDER BY "{tables[table][0]}"')
            digest = hashlib.sha256("".join(map(repr, column)).encode())
            found[f"{table}.{name}"] = (len(column), digest.hexdigest())
    return found


def main(teams: int, weeks: int) -> dict[str, Any]:
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    for room, name in BEFORE:
        call_command("migrate", room, name, verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps
    with transaction.atomic():
        Filling(apps, teams, weeks)
    tables = columns(apps)
    before, moving = said(tables), {column: asked(question) for column, (question, _, _) in MOVED.items()}
    began = time.monotonic()
    with at_most(60, time.perf_counter):
        call_command("migrate", verbosity=0)
    seconds, after = time.monotonic() - began, said(tables)
    moved = {column: [*map(read, asked(question))] for column, (_, question, read) in MOVED.items()}
    gone = (
        set(before) - set(after) - DROPPED - {column for column in MOVED if moved[column] == moving[column]}
    )
    return {
        "rows": sum(count for name, (count, _) in before.items() if name.endswith(".id")),
        "seconds": round(seconds, 2),
        "changed": sorted({column for column in after if after[column] != before[column]} | gone),
    }


if __name__ == "__main__":
    told = main(int(sys.argv[1]), int(sys.argv[2]))
    print()  # what a migration states may end without a new line
    print(json.dumps(told))

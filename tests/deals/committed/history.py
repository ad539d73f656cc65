"""Twelve deals of North over the first three quarters of 2026, made by hand: what was committed and what came.

| deal | committed | what came |
| --- | --- | --- |
| Alder 100 | Q1 on 7 Jan for 20 Mar | won 18 Mar: 2 days early |
| Brandt 200 | Q1 on 7 Jan for 28 Feb, Q2 on 8 Apr for 30 Apr | pushed 20 Feb; won 5 May: Q1 slipped, Q2 won, 5 late |
| Cedar 50 | Q1 on 7 Jan | lost 10 Mar |
| Dorn 80 | Q1 on 20 Mar | won 27 Mar: a late add, 7 days before |
| Elm 300 | never | won 15 Mar |
| Finch 120 | Q2 on 8 Apr for 20 Jun, left on 6 May | won 25 Jun |
| Gray 90 | Q2 on 8 Apr | withdrawn 12 May |
| Hollis 150 | Q2 on 8 Apr | went to South 1 Jun, won there 20 Jun |
| Iris, no amount | Q2 on 8 Apr, Q3 on 8 Jul | pushed three times, lost 1 Oct: slipped twice |
| Juno 60 | Q3 on 8 Jul | won 28 Sep, as an import of 10 Oct says |
| Kestrel 70 | Q3 on 20 Jun | won 29 Jun, before the quarter |
| Lark 40 | Q3 on 8 Jul | an import said it was won, and was undone: slipped |

Reckoned by hand: Q1 hit rate 1 of 3 (won 100 of 100 + 200 + 50), from outside 2 of 3 wins (380 of 480).
Q2 2 of 3 (320 of 320: Iris has no amount), from outside 1 of 3 wins (Kestrel: 70 of 390).
Q3 1 of 3 (60 of 60 + 40), from outside none of 1. Together 4 of 9, and 3 of 7 wins from outside.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from alignment.models import Team
from deals.models import Deal, DealChange, ImportRun
from tests.cast import Cast
from tests.factories import make_account, make_committed, make_deal

Q1, Q2, Q3 = "2026-01-01", "2026-04-01", "2026-07-01"


def change(deal: Deal, field: str, old: str, new: str, day: date, **fields: object) -> DealChange:
    """A change of team names the one that was left."""
    if field == "team":
        fields["from_team"] = Team.objects.get(name=old)
    at = datetime.combine(day, time(9), tzinfo=UTC)
    return DealChange.objects.create(deal=deal, field=field, old=old, new=new, day=day, at=at, **fields)


def make_history(cast: Cast) -> dict[str, Deal]:
    """The deals by their names."""
    deals: dict[str, Deal] = {}

    def deal(name: str, amount: int | None, day: date, status: str = "won", **fields: object) -> Deal:
        deals[name] = make_deal(
            team=fields.pop("team", cast.north),
            name=name,
            amount=Decimal(amount) if amount else None,
            close_date=day,
            status=status,
            account=make_account(company=cast.company, name=f"{name} AG"),
            **fields,
        )
        return deals[name]

    def commit(name: str, quarter: str, on: date, close_date: date | None = None, **fields: object) -> None:
        day = close_date or deals[name].close_date
        make_committed(deal=deals[name], quarter=quarter, committed_on=on, close_date=day, **fields)

    january, april, july = date(2026, 1, 7), date(2026, 4, 8), date(2026, 7, 8)
    deal("Alder", 100, date(2026, 3, 18))
    commit("Alder", Q1, january, date(2026, 3, 20))
    brandt = deal("Brandt", 200, date(2026, 5, 5))
    commit("Brandt", Q1, january, date(2026, 2, 28))
    change(
        brandt,
        "close_date",
        "2026-02-28",
        "2026-04-30",
        date(2026, 2, 20),
        reason_kind="budget",
        reason="Their board meets in April.",
    )
    change(brandt, "status", "open", "won", date(2026, 5, 6))
    change(brandt, "close_date", "2026-04-30", "2026-05-05", date(2026, 5, 6))
    commit("Brandt", Q2, april, date(2026, 4, 30))
    deal("Cedar", 50, date(2026, 3, 10), "lost")
    commit("Cedar", Q1, january)
    deal("Dorn", 80, date(2026, 3, 27))
    commit("Dorn", Q1, date(2026, 3, 20))
    deal("Elm", 300, date(2026, 3, 15))
    deal("Finch", 120, date(2026, 6, 25))
    commit("Finch", Q2, april, date(2026, 6, 20), left_at=datetime(2026, 5, 6, 8, tzinfo=UTC))
    gray = deal("Gray", 90, date(2026, 6, 10), "withdrawn")
    change(gray, "status", "open", "withdrawn", date(2026, 5, 12))
    commit("Gray", Q2, april)
    hollis = deal("Hollis", 150, date(2026, 6, 20), team=cast.south)
    change(hollis, "team", "North", "South", date(2026, 6, 1))
    commit("Hollis", Q2, april, team=cast.north)
    iris = deal("Iris", None, date(2026, 10, 1), "lost")
    for day, old, new in (
        (date(2026, 5, 4), "2026-05-15", "2026-06-15"),
        (date(2026, 6, 8), "2026-06-15", "2026-08-15"),
        (date(2026, 8, 10), "2026-08-15", "2026-09-30"),
    ):
        change(iris, "close_date", old, new, day)
    commit("Iris", Q2, april, date(2026, 5, 15))
    commit("Iris", Q3, july, date(2026, 8, 15))
    juno = deal("Juno", 60, date(2026, 9, 28))
    change(juno, "status", "open", "won", date(2026, 10, 10))
    commit("Juno", Q3, july)
    deal("Kestrel", 70, date(2026, 6, 29))
    commit("Kestrel", Q3, date(2026, 6, 20), date(2026, 7, 3))
    lark = deal("Lark", 40, date(2026, 9, 15), "open")
    run = ImportRun.objects.create(
        company=cast.company,
        kind="deals",
        state="undone",
        file_name="x.csv",
        started_at=lark.created_at,
        expires_at=lark.created_at,
    )
    change(lark, "status", "open", "won", date(2026, 8, 1), run=run, is_undone=True)
    change(lark, "close_date", "2026-09-15", "2026-10-30", date(2026, 8, 1), run=run, is_undone=True)
    change(lark, "status", "won", "open", date(2026, 8, 2), run=run, is_undone=True)
    commit("Lark", Q3, july)
    return deals

"""The migration that makes reps of the owners' texts, and first sights of the days deals were created."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deals.models import Deal, DealChange, Rep
from tests.migrations import LANDED, migrate, newest

AT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_owners_become_reps_of_their_team_and_back() -> None:
    then = migrate(*LANDED)
    try:
        company = then.get_model("alignment.Company").objects.create(name="Ours", slug="ours")
        teams = then.get_model("alignment.Team").objects
        usual = {"company": company, "timezone": "Asia/Kolkata", "starts_on": AT.date()}
        north, south = (teams.create(name=name, slug=name.lower(), **usual) for name in ("North", "South"))
        deals = then.get_model("deals.Deal").objects
        for name, team, owner in (
            ("One", north, "Dana  Ruiz"),
            ("Two", north, "DANA RUIZ"),
            ("Three", south, "Dana Ruiz"),
            ("Four", south, ""),
        ):
            deals.create(name=name, team=team, owner=owner, created_at=AT, changed_at=AT)
        gone = deals.create(
            name="Gone",
            team=north,
            status="lost",
            stage="Deleted in the CRM",
            created_at=AT,
            changed_at=AT,
        )
        changes = then.get_model("deals.DealChange").objects
        changes.create(deal=gone, field="status", old="open", new="lost", day=AT.date(), at=AT)
        lost = deals.create(name="Lost", team=north, status="lost", created_at=AT, changed_at=AT)
        for hours, why in enumerate(("Price", "No budget")):
            at = AT + timedelta(hours=hours)
            changes.create(
                deal=lost, field="status", old="open", new="lost", day=at.date(), at=at, reason=why
            )
        changes.create(deal=gone, field="owner", old="Ann", new="Bob", day=AT.date(), at=AT)
    finally:
        migrate(*newest())

    one, two, three, four = (Deal.objects.get(name=name) for name in ("One", "Two", "Three", "Four"))
    assert one.rep == two.rep != three.rep
    assert (one.rep_name, three.rep_name, four.rep) == ("Dana Ruiz", "Dana Ruiz", None)
    assert Rep.objects.count() == 2
    assert [term.team.name for term in three.rep.terms.all()] == ["South"]
    assert Deal.objects.get(name="Gone").status == "withdrawn"
    assert Deal.objects.get(name="Lost").reason == "No budget", "the last one given"
    assert not one.search_key.strip(), "the rep’s name is found by the rep"
    assert set(DealChange.objects.filter(deal__name="Gone").values_list("field", "new")) == {
        ("seen", ""),
        ("status", "withdrawn"),
        ("rep", "Bob"),
    }
    seen = DealChange.objects.get(deal=one, field="seen")
    assert (seen.at, seen.day) == (AT, date(2026, 3, 3)), "the team’s own day"

    try:
        then = migrate(*LANDED)
        owners = then.get_model("deals.Deal").objects.order_by("pk").values_list("owner", flat=True)
        assert list(owners) == ["Dana Ruiz", "Dana Ruiz", "Dana Ruiz", "", "", ""]
        assert then.get_model("deals.Deal").objects.get(name="One").search_key.strip() == "dana ruiz"
        assert then.get_model("deals.Deal").objects.get(name="Gone").status == "lost"
        fields = then.get_model("deals.DealChange").objects.values_list("field", flat=True)
        assert set(fields) == {"status", "owner"}
    finally:
        migrate(*newest())

"""The demo company: plausible, the same for a day, and everything in it true at its time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import CharField, Max, TextField

from alignment.models import Goal, GoalChange, Team, User
from deals.models import Deal, DealChange, RevenueEntry
from deals.rules.revenue import revenue
from meetings.agenda import build
from meetings.demo import cast, seed, timeline, wins
from meetings.demo.other_company import CANARY
from meetings.first_meeting.preparation import first_meeting_of
from meetings.models import CheckIn, Commitment, Decision, Issue, Measure, Meeting, Record, Update
from meetings.pages.check_in import build_round_page, read_round
from meetings.pages.handover import first_days

# One worker tells the demo once.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.xdist_group("demo")]
TODAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 09:00 in New York
BEGINNING = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # of that day there


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Thirty weeks of the demo, told once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed.seed(TODAY, weeks=30)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def north(demo):
    return Team.objects.get(slug="north")


@pytest.fixture
def south(demo):
    return Team.objects.get(slug="south")


def coming(team):
    return team.meetings.ahead().first()


def agenda_of(team):
    return build(coming(team), team.holder("leader"), NINE)


def digest():
    """What the demo says, without keys and tokens."""
    return [
        list(Deal.objects.order_by("pk").values_list("name", "amount", "status", "close_date", "created_at")),
        list(RevenueEntry.objects.order_by("pk").values_list("day", "amount")),
        list(Update.objects.order_by("pk").values_list("side", "text", "changed_at")),
        list(Commitment.objects.order_by("pk").values_list("text", "due", "done_at", "dropped_at")),
        list(Meeting.objects.order_by("pk").values_list("starts_at", "state", "closed_at", "gap")),
    ]


def test_same_day_tells_the_same(demo):
    told = []
    for _ in range(2):
        clear()
        seed.seed(TODAY, weeks=3)
        told.append(digest())
    assert told[0] == told[1]


def clear():
    """Empty the database, for this test alone."""
    for name in ("alignment", "deals", "meetings"):
        for model in apps.get_app_config(name).get_models(include_auto_created=True):
            model._default_manager.all()._raw_delete("default")


def test_north_is_behind_and_its_gap_grew(north):
    section = agenda_of(north).revenue
    quarter = section.figures.quarter
    assert Decimal("0.08") < -quarter.gap / quarter.goal < Decimal("0.15")
    assert quarter.gap < section.gap_before < 0


def test_south_is_a_little_ahead(south):
    quarter = agenda_of(south).revenue.figures.quarter
    assert 0 < quarter.gap / quarter.goal < Decimal("0.03")


@pytest.mark.parametrize(
    "day", [date(2026, 2, 10), date(2026, 4, 7), date(2026, 9, 30), date(2027, 1, 6), date(2028, 2, 29)]
)
@pytest.mark.parametrize(("slug", "sign"), [("north", -1), ("south", 1)])
def test_gap_has_its_sign_whatever_the_day(day, slug, sign):
    part, days = seed.PARTS[slug], cast.calendar(day)
    goals = cast.goals(part.average_month, growth=part.growth, today=day)
    past = timeline.slots(part.story, coming=days.after(day), weeks=104, calendar=days)
    cuts = timeline.stretches([timeline.held_on(slot, days) for slot in past], today=day)
    share = timeline.share(part.story, goals, today=day, calendar=days, noise=[Decimal(0)])
    won = Counter()
    for win in wins.wins(cuts, goals=goals, calendar=days, share=share, rng=Random(7)):
        won[win.day] += win.amount
    quarter = revenue(day, first_month=1, goals=goals, actuals=won, holidays=days.off).quarter
    assert quarter.gap * sign > 0


def test_orders_come_several_a_week_and_in_every_size(north):
    sizes = list(
        RevenueEntry.objects.filter(team=north, day__gte=TODAY - timedelta(weeks=26)).values_list(
            "amount", flat=True
        )
    )
    assert len(sizes) > 3 * 26
    assert all(3_000 <= size <= 400_000 for size in sizes)
    assert {"small", "mid", "big"} == {
        "small" if s < 20_000 else "mid" if s < 80_000 else "big" for s in sizes
    }


def test_nothing_lies_after_the_beginning_of_the_day(demo):
    assert RevenueEntry.objects.aggregate(last=Max("day"))["last"] < TODAY
    stamps = (
        (Update, "changed_at"),
        (Commitment, "changed_at"),
        (Issue, "changed_at"),
        (Record, "created_at"),
    )
    for model, field in (*stamps, (DealChange, "at"), (GoalChange, "at")):
        assert model.objects.aggregate(last=Max(field))["last"] <= BEGINNING, model


def test_next_meetings_lie_a_day_or_two_ahead(north, south):
    ahead = coming(north).starts_at - NINE
    assert timedelta(hours=20) < ahead < timedelta(hours=44)
    assert (coming(south).starts_at.date() - coming(north).starts_at.date()).days == 1
    assert north.meetings.ahead().count() == south.meetings.ahead().count() == 8


def test_north_is_half_prepared_and_south_submitted(north, south):
    assert agenda_of(north).sections_ready in (2, 3)
    assert coming(north).submitted_at is None
    assert agenda_of(south).still_needed == ()
    assert coming(south).submitted_at < coming(south).preparation_due


def test_last_meeting_left_commitments_kept_broken_and_open(north):
    ticks = Counter(commitment.tick for commitment in agenda_of(north).earlier_commitments)
    assert ticks["done"] >= 2
    assert ticks["overdue"] == 2
    assert ticks["open"] >= 2


def test_ceo_has_something_overdue_and_something_to_say(north, south):
    agendas = [agenda_of(north), agenda_of(south)]
    assert any(
        commitment.late and commitment.owner.role == "ceo" for a in agendas for commitment in a.commitments
    )
    assert [[row.title for row in a.waiting_for_ceo] for a in agendas] == [
        ["Mid-market playbook"],
        ["Distributors on the Gulf Coast"],
    ]


def test_most_commitments_are_kept_on_time(north, south):
    for team in (north, south):
        assert Decimal("0.75") < agenda_of(team).completion < Decimal("0.97")


def test_big_deals_show_every_kind_of_movement(north):
    kinds = {kind for row in agenda_of(north).deals.rows for kind in row.kinds}
    assert kinds == {"new", "won", "lost", "pulled_in", "pushed_out", "amount_up", "amount_down"}


def test_brandt_is_fiction_and_orbis_lacks_its_capacity(north):
    rows = {row.title: row for row in agenda_of(north).deals.rows}
    assert rows["Brandt plant two"].date_is_fiction
    assert rows["Brandt plant two"].push_reason
    assert rows["Orbis renewal"].needs_capacity


def test_small_orders_are_lost_too_and_took_their_time(north):
    small = Deal.objects.filter(team=north, amount__lt=20_000, status__in=("won", "lost"))
    won = small.filter(status="won")
    assert 0.6 < won.count() / small.count() < 0.95
    assert all(deal.opened_on < deal.close_date for deal in won)


def test_both_teams_agreed_on_a_mix_and_measures(north, south):
    for team in (north, south):
        assert team.agreements.filter(subject="mix", state="agreed").count() == 1
        assert Measure.objects.filter(team=team, initiative=None).count() == 3


def test_about_a_dozen_deals_are_open(north, south):
    assert all(10 <= Deal.objects.open().filter(team=team).count() <= 17 for team in (north, south))


def test_risks_are_new_changed_and_forgotten(north, south):
    for team, number in ((north, 4), (south, 3)):
        rows = agenda_of(team).risks.open_rows
        assert len(rows) == number
        assert sum(row.is_stale for row in rows) == 1
        assert any(mark.text == "new" for row in rows for mark in row.marks)


def test_check_ins_told_both_of_north_eight_weeks_before_that_they_drift(north):
    eight_weeks_ago = NINE - timedelta(weeks=8)
    for role in ("ceo", "leader"):
        reader = north.holder(role)
        early = CheckIn.objects.over().filter(meeting__team=north, revealed_at__lt=eight_weeks_ago)
        pages = [
            build_round_page(read_round(row, reader, NINE), reader, NINE) for row in early.exclude(guessed="")
        ]
        questions = [proposal.text for page in pages for proposal in page.proposals]
        mine, theirs = (2, 4) if role == "ceo" else (4, 2)
        assert f"You see the pipeline at {theirs}, I at {mine}: what would make it a 3?" in questions


def test_the_question_that_was_proposed_is_on_the_agenda_at_last(north):
    issue = north.issues.get(title__startswith="You see the pipeline at 4")
    assert issue.side == "ceo" and issue.created_by == north.holder("ceo")
    assert issue.created_at > NINE - timedelta(weeks=1)


def test_south_has_a_new_leader_who_finds_what_was_agreed(south):
    anne = south.holder("leader")
    page = first_days(south, anne, NINE)
    assert page.predecessor.user.name == "Mark Ellis" and page.tenure.is_new
    assert {row.text for row in page.orphaned} >= {"Introduce Grace to the new buyer at Amaro"}
    assert len(page.closing.agreed) >= 5 and len(page.closing.open) == 1
    assert page.waiting_lines >= 5
    assert any(row.leader == "Mark Ellis" for row in page.commits)
    assert not page.predecessor.user.is_active


def test_the_new_leader_has_prepared_the_first_meeting_and_the_ceo_has_not(south):
    row = first_meeting_of(south, NINE)
    assert [answer.user for answer in row.answers.exclude(done_at=None)] == [south.holder("leader")]
    assert not row.is_open and row.meeting == coming(south)


def test_initiatives_carry_the_ceos_words_and_a_line(north):
    rows = {row.title: row for row in agenda_of(north).initiatives.rows if not row.finished}
    assert {row.approval for row in rows.values()} == {"agreed", "not_yet", "changed"}
    assert [row.title for row in rows.values() if row.pair_only] == ["Pete back to quota by spring"]
    assert len(rows["Mid-market playbook"].points) >= 8


def test_meetings_were_held_missed_excused_moved_and_left_open(north, south):
    states = Counter(south.meetings.values_list("state", flat=True))
    assert states == {"held": 28, "missed": 1, "excused": 1, "scheduled": 8}
    assert north.meetings.filter(moves__isnull=False).exists()
    assert south.meetings.filter(state="held", closed_by=None).count() == 1
    assert not Meeting.objects.exclude(state="scheduled").filter(starts_at__gt=BEGINNING).exists()


def test_every_held_meeting_has_a_record(demo):
    held = Meeting.objects.filter(state="held")
    assert held.count() == Record.objects.count()
    assert not held.filter(gap=None).exists()


def test_a_record_says_what_was_true_then(north):
    brandt = Deal.objects.get(name="Brandt plant two")
    shown = {
        row["close_date"]
        for record in Record.objects.filter(meeting__team=north, created_at__lt=NINE - timedelta(weeks=3))
        for row in (*record.agenda["deals"]["closing"], *record.agenda["deals"]["gone"])
        if row["id"] == brandt.pk
    }
    assert shown
    assert str(brandt.close_date) not in shown


def test_a_record_cites_the_gap_of_its_day(north):
    meeting = north.meetings.filter(state="held").order_by("planned_start").last()
    agenda = build(meeting, north.holder("ceo"), NINE)
    assert agenda.revenue.gap == meeting.gap
    assert f"${abs(meeting.gap) / 1000:.0f}K" in agenda.revenue.leader_words.text


def test_goals_reach_to_the_end_of_next_year_and_one_quarter_was_raised(north):
    assert Goal.objects.filter(team=north).aggregate(last=Max("month"))["last"] == date(2027, 12, 1)
    assert GoalChange.objects.filter(team=north).exclude(old=None).count() == 3


def test_words_are_sentences_and_do_not_repeat(demo):
    texts = Counter(Update.objects.exclude(meeting__team__slug="islands").values_list("text", flat=True))
    assert not [
        text for text in texts if "lorem" in text.lower() or "{" in text or text[-1] not in ".?!”0123456789)"
    ]
    assert texts.most_common(1)[0][1] <= 6
    assert len(texts) > 250


def test_every_word_fits_its_field(demo):
    for name in ("alignment", "deals", "meetings"):
        for model in apps.get_app_config(name).get_models():
            fields = [field for field in model._meta.fields if isinstance(field, (CharField, TextField))]
            for row in model._default_manager.all():
                told = {field: getattr(row, field.attname) for field in fields}
                assert not [
                    field for field, text in told.items() if text and len(text) > (field.max_length or 1e9)
                ]


def test_every_constraint_holds(demo):
    for model in (Meeting, Deal, Commitment, Decision, Issue, Update, RevenueEntry, Team):
        for row in model._default_manager.order_by("-pk")[:15]:
            row.validate_constraints()


def test_outsider_and_the_demo_do_not_see_each_other(demo):
    outsider = User.objects.get(email="outsider@other.test")
    inside = User.objects.filter(email__endswith="@demo.test")
    assert [team.slug for team in Team.objects.visible_to(outsider)] == ["islands"]
    assert not any(
        "islands" in Team.objects.visible_to(user).values_list("slug", flat=True) for user in inside
    )


def test_the_other_company_says_its_word_everywhere(demo):
    away = Team.objects.get(slug="islands")
    texts = [row.text for kind in (Commitment, Decision) for row in kind.objects.filter(team=away)]
    texts += [row.text for kind in (Update, Record) for row in kind.objects.filter(meeting__team=away)]
    assert len(texts) >= 5
    assert all(CANARY in text for text in texts)
    assert not Update.objects.exclude(meeting__team=away).filter(text__contains=CANARY).exists()


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 11, 25), date(2027, 1, 2), date(2026, 4, 1)])
def test_any_day_will_do(demo, day):
    clear()
    seed.seed(day, weeks=4)
    assert coming(Team.objects.get(slug="north")).starts_at.date() > day

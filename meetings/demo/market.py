"""What the demo company knows of its deals and accounts besides their money, in a few statements a team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from deals.models import Account, Contact, Deal, DealChange, Pipeline, Stage
from meetings.demo import names
from meetings.demo.wins import MID_FROM
from meetings.demo.words import market as words
from meetings.demo.world import World
from meetings.models import ContactNote

FORECASTS = dict(zip(names.STAGES, ("left_out", "pipeline", "pipeline", "best_case", "commit"), strict=True))
SOURCES = ("prospecting", "prospecting", "client", "client", "client", "referral", "marketing", "partner")
SIZES = ((40, "from_1"), (180, "from_10"), (650, "from_50"), (2_400, "from_250"))


def describe_market(world: World) -> None:
    rng = Random(f"{world.timeline.today} {world.team.slug} market")  # noqa: S311  # a story, not a secret
    deals = list(Deal.objects.filter(team=world.team).select_related("account").order_by("pk"))
    _describe_deals(world, deals, rng)
    _explain_pushes(world)
    accounts = list(Account.objects.filter(deals__team=world.team).distinct().order_by("pk"))
    _describe_accounts(world, accounts, rng)
    _add_contacts(world, accounts, rng)


def pipeline_of(world: World) -> Pipeline:
    pipeline, is_new = Pipeline.objects.get_or_create(company_id=world.team.company_id, name="Sales")
    if is_new:
        stages = [*((name, "open") for name in names.STAGES), ("Closed won", "won"), ("Closed lost", "lost")]
        Stage.objects.bulk_create(
            Stage(pipeline=pipeline, position=position, name=name, meaning=meaning)
            for position, (name, meaning) in enumerate(stages)
        )
    return pipeline


def _describe_deals(world: World, deals: Iterable[Deal], rng: Random) -> None:
    pipeline, today = pipeline_of(world), world.timeline.today
    bought: set[int] = set()
    for deal in deals:
        deal.pipeline = pipeline
        deal.lead_source = rng.choice(SOURCES)
        deal.deal_type = _type(deal, is_client=deal.account_id in bought)
        if deal.status == Deal.Status.OPEN:
            deal.forecast = FORECASTS.get(deal.stage, "pipeline")
            if rng.random() < 0.75:
                deal.next_step = rng.choice(words.NEXT_STEPS)
                ahead = today + timedelta(days=rng.randrange(-3, 18))
                deal.next_step_on = world.calendar.on_or_after(ahead)
        if deal.status == Deal.Status.LOST:
            deal.reason_kind, deal.reason = rng.choice(words.LOST)
        if deal.status == Deal.Status.WON:
            bought.add(deal.account_id or 0)
            deal.reason_kind, deal.reason = _why_won(deal)
            if deal.close_date and deal.name.endswith(("contract", "agreement", "renewal")):
                deal.contract_end = deal.close_date + timedelta(days=365)
    _neglect(deals, today)
    columns = ["close_date", "pipeline", "lead_source", "deal_type", "forecast", "next_step", "next_step_on"]
    columns += ["reason_kind", "reason", "contract_end", "search_key"]
    for deal in deals:
        deal.search_key = Deal._meta.get_field("search_key").key_of(deal)  # noqa: SLF001
    Deal.objects.bulk_update(deals, columns, batch_size=50)


def _neglect(deals: Iterable[Deal], today: date) -> None:
    """Of the small open deals one is past its date and another has no next step, as happens."""
    moved = set(DealChange.objects.filter(field="close_date").values_list("deal", flat=True))
    small = [
        deal for deal in deals if deal.status == Deal.Status.OPEN and deal.amount and deal.pk not in moved
    ]
    for number, deal in enumerate(sorted(small, key=lambda deal: (deal.amount or 0, deal.pk))[:2]):
        if number == 0:
            deal.close_date = today - timedelta(days=6)
        else:
            deal.next_step, deal.next_step_on = "", None


def _why_won(deal: Deal) -> tuple[str, str]:
    """Nobody asks why a small one was."""
    if deal.amount is None or deal.amount < MID_FROM:
        return "", ""
    return words.WON[deal.pk % len(words.WON)]


def _type(deal: Deal, *, is_client: bool) -> str:
    if deal.name.endswith("renewal"):
        return Deal.Type.RENEWAL
    return Deal.Type.EXPANSION if is_client else Deal.Type.NEW


def _explain_pushes(world: World) -> None:
    """The kind of each reason that was given in words; the first word that fits."""
    pushes = DealChange.objects.filter(deal__team=world.team, field="close_date").exclude(reason="")
    for word, kind in words.PUSH_KINDS:
        pushes.filter(reason__contains=word, reason_kind="").update(reason_kind=kind)


def _describe_accounts(world: World, accounts: Iterable[Account], rng: Random) -> None:
    clients = set(
        Deal.objects.filter(team=world.team, status=Deal.Status.WON).values_list("account", flat=True)
    )
    for account in accounts:
        account.status = Account.Status.CLIENT if account.pk in clients else Account.Status.PROSPECT
        account.employees, account.revenue_band = rng.choice(SIZES)
        account.owner = world.rep(rng.choice(world.story.reps))
    Account.objects.bulk_update(accounts, ["status", "employees", "revenue_band", "owner"], batch_size=100)


def _add_contacts(world: World, accounts: Iterable[Account], rng: Random) -> None:
    contacts = [contact for account in accounts for contact in _contacts(account, rng)]
    made = Contact.objects.bulk_create(contacts)
    stances = list(ContactNote.Stance.values)
    ContactNote.objects.bulk_create(
        ContactNote(
            contact=contact,
            team=world.team,
            stance=rng.choice(stances),
            what_matters=rng.choice(words.WHAT_MATTERS),
            by=world.leader,
            changed_at=world.timeline.moment - timedelta(days=5),
        )
        for contact in made[::3]
    )


def _contacts(account: Account, rng: Random) -> Iterable[Contact]:
    for title, level, role in rng.sample(words.TITLES, 2):
        first, last = rng.choice(words.FIRST), rng.choice(words.LAST)
        address = f"{first}.{last}@{account.name.split(' ')[0]}.example".lower()
        yield Contact(
            account=account, name=f"{first} {last}", title=title, level=level, role=role, email=address
        )

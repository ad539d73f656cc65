"""North's key clients: most are well, one is in danger, nobody has spoken to one for months, one was just asked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from alignment.links.tokens import token_of
from alignment.models import Link
from alignment.models.links import UNUSED_FOR, hash_of
from deals.key_clients.proposals import follow_accounts, read_proposals
from deals.key_clients.touches import record_touch
from deals.models import Account, FollowUp, Rep
from deals.registry.links import KEY_CLIENT
from deals.rules.key_clients import next_touch
from meetings.demo.world import World

MOST = 8
BEGAN = 14
"""Weeks ago: the list is a little older than the time within which everybody is spoken to."""
IN_DANGER = "Hollis Foods"
WELL = (
    (9, "green", "Two lines run without a stop; they ask about the winter school."),
    (6, "green", "Happy with the service visit in spring, wants the same engineer again."),
    (5, "amber", "The new plant manager does not know us yet. A visit would help."),
    (3, "green", "Will name us to their sister plant."),
    (2, "amber", "Spare parts took nine days twice."),
    (4, "green", "Budget for next year stands, they plan one more dock."),
)
DANGER = (1.2, "red", "Their new procurement head has three other offers on the table.")


@dataclass(frozen=True)
class SentLink:
    """A link in use: when it was sent and opened, as meetings.demo.timeline counts."""

    sent: float
    opened: float | None


def add_key_clients(world: World) -> None:
    """The last two of the list were never answered for: one owner was asked, the other client is overdue."""
    _give_addresses(world)
    rows = _take_on(world)
    quiet, answered = rows[-2:], [row for row in rows[:-2] if row.account.name != IN_DANGER]
    for row, (ago, colour, line) in zip(answered, WELL, strict=False):
        _say(world, row, ago, colour, line)
    for row in rows:
        if row.account.name == IN_DANGER:
            _say(world, row, *DANGER)
    for row, link in zip(quiet, (SentLink(0.2, 0.7), SentLink(1.1, None)), strict=False):
        _ask(world, row, link)


def _give_addresses(world: World) -> None:
    for rep in Rep.objects.on_team(world.team).filter(email=""):
        rep.email = f"{rep.name.lower().replace(' ', '.')}@demo.test"
        rep.save(update_fields=("email",))


def _take_on(world: World) -> list[FollowUp]:
    """The largest of those proposed today, Hollis first, taken on some weeks ago."""
    team, began = world.team, world.timeline.when(BEGAN)
    proposed = [proposal.account for proposal in read_proposals(team, today=world.timeline.today)]
    danger = Account.objects.filter(company=team.company_id, name=IN_DANGER)
    accounts = list(dict.fromkeys([*danger, *proposed]))[:MOST]
    follow_accounts(team, accounts, by=world.leader, now=began)
    rows = {row.account_id: row for row in FollowUp.objects.filter(team=team).select_related("account")}
    for row in rows.values():
        row.token = UUID(int=world.rng.getrandbits(128))
        row.save(update_fields=("token",))
    return [rows[account.pk] for account in accounts]


def _say(world: World, row: FollowUp, ago: float, colour: str, line: str) -> None:
    now = world.timeline.when(ago)
    record_touch(
        row,
        client_said=line,
        colour=colour,
        day=world.team.today(now),
        by=None,
        by_name=row.owner.name if row.owner else world.leader.name,
        token=UUID(int=world.rng.getrandbits(128)),
        now=now,
    )


def _ask(world: World, row: FollowUp, link: SentLink) -> None:
    """Its owner got a link. No mail waits: the demo begins with an empty outbox."""
    sent = world.timeline.when(link.sent)
    overdue = next_touch(None, began=row.began_on, every_days=row.every_days)
    FollowUp.objects.filter(pk=row.pk).update(due_on=overdue, asked_at=sent, reminded_at=sent)
    if row.owner is None:
        return
    seed = UUID(int=world.rng.getrandbits(128))
    opened = world.timeline.when(link.opened) if link.opened else None
    Link.objects.create(
        company=world.team.company,
        kind=KEY_CLIENT,
        thing=row.pk,
        name=row.owner.name,
        email=row.owner.email,
        asked_by=world.leader,
        asked_at=sent,
        seed=seed,
        token_hash=hash_of(token_of(seed)),
        opened_at=opened,
        used_at=opened,
        until=(opened or sent) + UNUSED_FOR,
    )

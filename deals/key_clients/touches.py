"""What a client said is written down; what is red becomes a risk."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from alignment.models import Team, User
from deals.key_clients.proposals import revenue_by_account
from deals.models import FollowUp, Risk, Touch


@transaction.atomic
def record_touch(
    follow_up: FollowUp,
    *,
    client_said: str,
    colour: str,
    day: date,
    by: User | None,
    by_name: str,
    token: UUID,
    now: datetime,
) -> Touch:
    """Write down what the client said, once a token. The next word is due counted from the last one.

    The same token with another answer corrects the answer: whoever wrote it may change it while the form is theirs.
    """
    row = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("team__company", "account")
        .get(pk=follow_up.pk)
    )
    answer = {"client_said": client_said, "colour": colour, "day": day, "at": now, "by_name": by_name}
    try:
        with transaction.atomic():
            touch = Touch.objects.create(follow_up=row, token=token, by=by, **answer)
    except IntegrityError:
        # Sent before, unless the token is of somebody else's answer or of another client's.
        own = Touch.objects.filter(token=token, follow_up=row, by=by)
        own = own if by else own.filter(by_name=by_name)
        is_own = bool(own.update(**answer))
        touch = own.get() if is_own else Touch.objects.create(follow_up=row, by=by, **answer)
    last = row.last_touch()
    row.schedule(last.day if last else None)
    if touch.colour == Touch.Colour.RED and touch == last:
        _raise_risk(row, touch, now=now)
    Team.objects.bump_revision(row.team_id)
    return touch


def _raise_risk(follow_up: FollowUp, touch: Touch, *, now: datetime) -> None:
    """A client in danger stands in Risks, with what the account brought in a year, unless a risk there, or
    one of a deal there, is open."""
    team, account = follow_up.team, follow_up.account
    at_the_account = Q(account=account) | Q(deal__account=account)
    if Risk.objects.open().filter(at_the_account, team=team).exists():
        return
    today = team.today(now)
    revenue = revenue_by_account(team, today=today, accounts=[account.pk]).get(account.pk)
    Risk.objects.create(
        team=team,
        account=account,
        name=account.name,
        exposure=revenue if revenue and revenue > 0 else None,
        what_is_wrong=f"Key client in danger. {touch.by_name}: “{touch.client_said}”",
        created_by=touch.by,
        created_at=now,
        changed_at=now,
    )

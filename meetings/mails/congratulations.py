"""The mail of a congratulation: what the CEO wrote, in the CEO's name, to a rep who needs no account."""

from __future__ import annotations

from datetime import datetime
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from alignment.models import Notice
from alignment.outbox.messages import compose
from alignment.outbox.notice_kinds import enqueue, notice_type
from alignment.rules.roles import Role
from meetings.models import Congratulation


def send(congratulation: Congratulation, *, now: datetime) -> None:
    """Owed to the CEO who wrote it: they are told in the outbox where it went wrong."""
    if congratulation.by is None:
        return
    enqueue(
        "congratulation",
        to=congratulation.by,
        about=f"deal-{congratulation.deal_id}",
        payload={"congratulation": congratulation.pk},
        now=now,
        company=congratulation.deal.team.company,
    )


@notice_type("congratulation", waits=False)
def congratulation(notice: Notice) -> EmailMultiAlternatives | None:
    """Not sent once its deal or its writer is gone. The sales leader gets a copy, the answer goes to the CEO."""
    rows = Congratulation.objects.select_related("deal__team__company", "by")
    row = rows.filter(pk=notice.payload["congratulation"], by=notice.to).first()
    if row is None or row.by is None:
        return None
    team, ceo = row.deal.team, row.by
    leader = team.holder(Role.LEADER)
    mail = compose(
        "congratulation",
        to=ceo,
        key=notice.key,
        currency=team.currency,
        row=row,
        ceo=ceo,
        team=team,
        url="",
    )
    mail.from_email = formataddr((ceo.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    mail.to = [formataddr((row.to_name, row.to_address))]
    mail.cc = [leader.address] if leader and leader != ceo else []
    mail.reply_to = [ceo.address]
    return mail

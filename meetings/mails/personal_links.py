"""Mails with a personal link, to people who may have no account: what a key client says, why a date moved, a number
of the week.
"""

from __future__ import annotations

from datetime import date

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from alignment.links.tokens import url_for
from alignment.models import Notice
from alignment.outbox.messages import compose
from alignment.outbox.notice_kinds import notice_type
from deals.models import Deal, FollowUp
from meetings.models import Measure
from meetings.rules.measures import last_ended_week


@notice_type("key_client", label="What does a key client say?", by_day=True, waits=False, sealed=True)
def key_client(notice: Notice) -> EmailMultiAlternatives | None:
    """Not sent once somebody said what the client says, the client is off the list, or the link has ended."""
    link = notice.link
    if link is None or not link.is_open(timezone.now()):
        return None
    row = FollowUp.objects.current().filter(pk=link.thing).select_related("team__company", "account").first()
    url = url_for(link)
    if row is None or url is None or f"{row.due_on}" != notice.payload["due"]:
        return None
    mail = compose(
        "key_client",
        to=notice.to,
        key=notice.key,
        currency=row.team.currency,
        client=row.account,
        team=row.team,
        person=link.name,
        sender=notice.to,
        until=link.until,
        again=notice.payload["again"],
        url=url,
    )
    mail.to, mail.reply_to = [link.email], [notice.to.address]
    return mail


@notice_type("moved_date", label="Why did a date move?", by_day=True, waits=False, sealed=True)
def moved_date(notice: Notice) -> EmailMultiAlternatives | None:
    """Not sent once somebody said why, the date moved again, the deal is closed, or the link has ended."""
    link = notice.link
    if link is None or not link.is_open(timezone.now()):
        return None
    deal = Deal.objects.open().filter(pk=link.thing).select_related("team__company", "account").first()
    url = url_for(link)
    if deal is None or url is None or f"{deal.close_date}" != notice.payload["new"]:
        return None
    push = deal.last_push
    if push is None or push.reason or push.reason_kind:
        return None
    mail = compose(
        "moved_date",
        to=notice.to,
        key=notice.key,
        currency=deal.team.currency,
        deal=deal,
        person=link.name,
        sender=notice.to,
        old=date.fromisoformat(notice.payload["old"]),
        new=date.fromisoformat(notice.payload["new"]),
        until=link.until,
        url=url,
    )
    mail.to, mail.reply_to = [link.email], [notice.to.address]
    return mail


@notice_type("measure", label="A number each week", by_day=True, waits=False, sealed=True)
def measure(notice: Notice) -> EmailMultiAlternatives | None:
    """Not sent once somebody entered the value, the next week has ended, or the link or the measure has."""
    link = notice.link
    if link is None or not link.is_open(timezone.now()):
        return None
    row = Measure.objects.current().filter(pk=link.thing).select_related("team__company").first()
    url, week = url_for(link), date.fromisoformat(notice.payload["week"])
    if row is None or url is None or row.points.filter(period=week).exists():
        return None
    if week != last_ended_week(row.team.today(timezone.now())).start:
        return None
    mail = compose(
        "measure",
        to=notice.to,
        key=notice.key,
        currency=row.team.currency,
        measure=row,
        team=row.team,
        person=link.name,
        sender=notice.to,
        week=week,
        until=link.until,
        url=url,
    )
    mail.to, mail.reply_to = [link.email], [notice.to.address]
    return mail

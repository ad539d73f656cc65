from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from alignment.models.company import Company
from alignment.models.people import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

UNUSED_FOR = timedelta(days=90)
"""A link ends so long after its last use."""
A_MOMENT = timedelta(minutes=1)
"""Uses closer together than this are stored as one."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those the user sent: nobody else lists them, admins neither."""
        return self.filter(asked_by=user.pk) if user.is_authenticated else self.none()

    def open(self, now: datetime) -> Self:
        return self.filter(ended_at=None, until__gt=now)


class Link(models.Model):
    """A personal link for somebody without an account: it opens one named thing, for one person.

    `kind` is a registered kind (alignment.links.kinds), `thing` the row of that kind. The token itself is stored
    nowhere, only its hash.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    thing = models.PositiveBigIntegerField()
    name = models.CharField("Person", max_length=120)
    email = models.EmailField(max_length=254)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    seed = models.UUIDField(
        default=uuid.uuid4,
        help_text="What its token is made from, with the site's key; renewed, it has another.",
    )
    token_hash = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When the person first opened it.")
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "thing", "email"), condition=Q(ended_at=None), name="one_open_link_a_person"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("asked_at")), name="a_link_ends_after_it_was_sent"
            ),
        ]
        indexes = [
            # LinkQuerySet.visible_to
            models.Index(fields=("asked_by", "asked_at"), name="link_of_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.kind} {self.thing}"

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.until

    def can_manage(self, user: User) -> bool:
        """Renew and revoke it: whoever sent it."""
        return self.asked_by_id == user.pk

    def use(self, *, now: datetime) -> None:
        """Record that the person opened it or answered: it works for another 90 days from now on."""
        open_links = Link.objects.open(now).filter(pk=self.pk)
        open_links.filter(opened_at=None).update(opened_at=now)
        not_lately = Q(used_at=None) | Q(used_at__lt=now - A_MOMENT)
        open_links.filter(not_lately).update(used_at=now, until=now + UNUSED_FOR)

    def end(self, *, now: datetime) -> bool:
        """It opens nothing any more, open pages included. False when it had ended before."""
        return bool(Link.objects.filter(pk=self.pk, ended_at=None).update(ended_at=now))

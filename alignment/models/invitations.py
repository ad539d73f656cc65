from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from alignment.models.company import Company
from alignment.models.people import User

HOLDS = timedelta(days=7)
"""How long the link of an invitation works."""
CHANGE_HOLDS = timedelta(hours=24)
"""How long a new address waits to be confirmed."""

A_MOMENT = timedelta(seconds=10)
"""The same request twice within it is a double click."""


class InviteQuerySet(models.QuerySet["Invite"]):
    def open(self) -> Self:
        """Neither accepted nor revoked; it may have expired and can then be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invite(models.Model):
    """An invitation to a company. No token is stored: the link in the mail
    is signed (people.invitation_links).

    `user` is the person as the company knows them from the first moment: they can be seated at once.
    Accepting turns the row into a person who signs in, or hands all it has over to the account the address
    has already.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="invites")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="invites")
    email = models.EmailField(max_length=254)
    version = models.PositiveSmallIntegerField(
        default=1, help_text="Grows when it is sent again: older links stop working."
    )
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ("-invited_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("company", "email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invite_an_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="an_invite_is_accepted_or_revoked"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="an_invite_expires_after_it_was_sent"
            ),
        ]
        indexes = [
            # how many a company sent of late
            models.Index(fields=("company", "invited_at"), name="invite_of_company"),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.company}"

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    def is_fresh(self, now: datetime) -> bool:
        """Whether it was sent again a moment ago."""
        was_renewed = self.version > 1 and self.invited_at > now - A_MOMENT
        return was_renewed and self.accepted_at is None and self.revoked_at is None

    def renew(self, *, by: User, now: datetime) -> bool:
        """Renew it under a new link; the old one stops working. False when it is
        no longer open, or was just sent."""
        not_fresh = Q(version=1) | Q(invited_at__lte=now - A_MOMENT)
        values = {"invited_by": by, "invited_at": now, "expires_at": now + HOLDS}
        still = Invite.objects.open().filter(not_fresh, pk=self.pk)
        done = bool(still.update(version=F("version") + 1, **values))
        self.refresh_from_db()
        return done

    def accept(self, *, now: datetime) -> bool:
        """Accept it, once: False when it was accepted, revoked or resent in the meantime."""
        same = Invite.objects.open().filter(pk=self.pk, version=self.version, expires_at__gt=now)
        return bool(same.update(accepted_at=now))

    def revoke(self, *, now: datetime) -> bool:
        return bool(Invite.objects.open().filter(pk=self.pk).update(revoked_at=now))


class AddressChange(models.Model):
    """A new sign-in address that waits until the link sent there is opened."""

    user = models.OneToOneField(User, models.CASCADE, related_name="address_change")
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="a_new_address_waits_after_it_was_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.email}"

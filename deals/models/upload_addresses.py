"""The upload address of a team: its token, stored as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import IntegrityError, models, transaction

from alignment.models import Team, User
from deals.models.imports import teams_planned_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class UploadAddressQuerySet(models.QuerySet["UploadAddress"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the teams on whose leader's side the user sits."""
        return self.filter(team__in=teams_planned_by(user))

    def of_token(self, token: str) -> UploadAddress | None:
        rows = self.select_related("team__company").filter(token_hash=hash_token(token), team__ends_on=None)
        return rows.first()

    def renew(self, team: Team, *, instead_of: str, by: User, now: datetime) -> str:
        """A new token, which this call alone knows; the address with the fingerprint `instead_of` ends.

        Empty when that one is not the team's address any more: somebody was faster, or clicked twice.
        """
        token = secrets.token_urlsafe(32)
        fields = {"token_hash": hash_token(token), "created_by": by, "created_at": now, "used_at": None}
        if instead_of:
            current = self.filter(team=team, token_hash__startswith=instead_of)
            return token if current.update(**fields) else ""
        try:
            with transaction.atomic():
                self.create(team=team, **fields)
        except IntegrityError:
            return ""
        return token


class UploadAddress(models.Model):
    """Where a CRM's scheduled report may send a team's table. Write only; its token is stored as a hash."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="upload_address")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = UploadAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "upload addresses"

    def __str__(self) -> str:
        return f"Upload address of {self.team}"

    @property
    def fingerprint(self) -> str:
        """Names the address, and opens nothing."""
        return self.token_hash[:12]


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

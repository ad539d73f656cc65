from __future__ import annotations

import secrets
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now as current_time

from alignment.db.search_keys import SearchKeyField
from alignment.models.company import Company, known_zone
from alignment.models.heartbeats import is_late
from alignment.models.versioned import Versioned
from alignment.rules.text import first_name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in by e-mail; the address is kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(Versioned, AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from their seats and memberships, not from this row.

    `version` is that of their name, time zone and formats.
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    name_key = SearchKeyField("name")
    timezone = models.CharField(
        max_length=64, blank=True, validators=[known_zone], help_text="Blank: times are shown in UTC."
    )
    locale = models.CharField(
        max_length=12, default="en-US", help_text="How amounts are written, such as en-GB or de-DE."
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the emergency admin.")
    joined_at = models.DateTimeField(default=current_time)
    calendar_token = models.CharField(
        max_length=43,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text="Opens the private calendar feed to whoever knows it; none until the person asks for it.",
    )
    calendar_mail = models.BooleanField(
        default=True, help_text="Whether invitations come by mail; the feed is there either way."
    )
    worth_asking = models.BooleanField(
        default=True, help_text="Whether questions worth asking are proposed to them as a CEO."
    )
    invited_as = models.EmailField(
        max_length=254,
        blank=True,
        default="",
        help_text="The address an invitation went to, until it is accepted. "
        "`email` is a stand-in until then: nobody "
        "learns from an invitation whether the address has an account elsewhere.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name_key", "pk")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="email_is_unique_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(invited_as="") | models.Q(is_active=False),
                name="who_is_only_invited_does_not_sign_in",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where their mail goes, also before they have accepted."""
        return self.invited_as or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def first_name(self) -> str:
        return first_name(self.name)

    def propose_questions(self, *, on: bool) -> None:
        """Whether home proposes questions worth asking."""
        self.worth_asking = on
        self.save(update_fields=("worth_asking",))

    def renew_calendar_token(self) -> None:
        """A new address for the calendar feed; the one before it opens nothing any more."""
        self.calendar_token = secrets.token_urlsafe(32)
        self.save(update_fields=("calendar_token",))

    @cached_property
    def seated(self) -> bool:
        """Whether they sit on a team today. Comes with the signed-in person
        (alignment.sign_in.adapter.Backend)."""
        return self.seats.filter(until=None).exists()

    @cached_property
    def administers(self) -> bool:
        """Whether they configure a company. Comes with the signed-in person too."""
        return self.memberships.filter(is_admin=True).exists()

    @cached_property
    def plans(self) -> bool:
        """Whether they sit on the sales leader's side of a team. Comes with the signed-in person too."""
        return self.seats.on_leaders_side().exists()

    @cached_property
    def reads_overview(self) -> bool:
        """Whether they read the overview of a company. Comes with the signed-in person too."""
        return self.overviews.filter(until=None).exists()

    owes_factor = False
    """Whether one of their companies requires a second factor they lack.
    Known for the signed-in person only."""

    @property
    def reminders_late_since(self) -> datetime | None:
        """When the sweep last ran, if that is too long ago. Known for the signed-in
        person; None where it never ran."""
        swept_at: datetime | None = vars(self).get("swept_at")
        return swept_at if swept_at and is_late(swept_at, current_time()) else None


class Membership(models.Model):
    """A person belongs to a company; admins configure it and see facts, not content of meetings.

    `ended_at`: they were deactivated there. What they did stays, and so does this
    row; in other companies nothing changes.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    is_admin = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("company", "user"), name="one_membership_a_person"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(is_admin=False),
                name="who_was_deactivated_is_no_admin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.company}"


def account_of(address: str) -> User | None:
    """Who signs in with this address, in any company; closed accounts too."""
    return User.objects.filter(email__iexact=address, invited_as="").first()


def is_for_its_people_alone(model: type[models.Model]) -> bool:
    """Whether no page of anybody else may list, count or name its rows: the model says `FOR_ITS_PEOPLE_ALONE`."""
    return getattr(model, "FOR_ITS_PEOPLE_ALONE", False)

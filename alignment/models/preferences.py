from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from alignment.models.notices import Via
from alignment.models.people import User
from alignment.rules.quiet_hours import EVERY_DAY, quiet_until
from alignment.rules.zones import zone_named


class Group(models.TextChoices):
    """Notices a person turns on and off together. ALWAYS cannot be turned
    off: misses, escalations, security."""

    MORNING = "morning", "Morning of a meeting: what needs you, for CEOs"
    PREPARATION = "preparation", "Preparation: due, and ready to read"
    QUESTION = "question", "Questions: what you are asked, once a day at most"
    MEETING = "meeting", "Meetings: about to start, or started without you"
    RECAP = "recap", "Recaps: what was agreed"
    COMMITMENT = "commitment", "Commitments: due tomorrow, and a weekly list of overdue ones"
    WEEK = "week", "Monday overview of all your teams, for CEOs with several teams"
    ALWAYS = "always", "Missed meetings and escalations (always sent by email)"

    @classmethod
    def optional(cls) -> list[tuple[str, str]]:
        return [(value, label) for value, label in cls.choices if value != cls.ALWAYS]


def every_day() -> list[int]:
    return list(EVERY_DAY)


class Preference(models.Model):
    """Notification preferences of a person. Without a row: everything by mail, at any hour, bundled."""

    user = models.OneToOneField(User, models.CASCADE, related_name="preference")
    no_mail = models.JSONField(default=list, blank=True, help_text="Groups that do not come by mail.")
    no_chat = models.JSONField(default=list, blank=True, help_text="Groups that do not go to the chat.")
    chat_url = models.CharField(
        max_length=500, blank=True, help_text="Incoming webhook: whoever knows it can write there."
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    days = models.JSONField(default=every_day, help_text="Weekdays on which messages come, Monday 0.")
    one_by_one = models.BooleanField(default=False, help_text="Several at once do not become one mail.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False) & Q(quiet_until__isnull=False)),
                name="quiet_hours_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"Preferences of {self.user}"

    @classmethod
    def of(cls, user: User) -> Preference:
        """The person's row, or what holds without one (not saved)."""
        return getattr(user, "preference", None) or cls(user=user)

    def wants(self, group: str, via: str) -> bool:
        if via == Via.CHAT:
            return bool(self.chat_url) and group not in self.no_chat
        return group == Group.ALWAYS or group not in self.no_mail

    def quiet_until_at(self, now: datetime) -> datetime | None:
        """When quiet hours or days that hold at `now` end; None when they do not hold."""
        return quiet_until(
            now,
            zone=zone_named(self.user.timezone),
            days=self.days,
            start=self.quiet_from,
            end=self.quiet_until,
        )

    def turn_off(self, groups: list[str]) -> None:
        """No more mail of these groups."""
        groups_off = [value for value, _ in Group.optional() if value in {*self.no_mail, *groups}]
        Preference.objects.update_or_create(user=self.user, defaults={"no_mail": groups_off})

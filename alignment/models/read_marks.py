"""Up to when a person has read what is new in a team, and what of it they opened since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from alignment.models.people import User
from alignment.models.teams import Team


@dataclass(frozen=True, slots=True)
class ReadState:
    """What one person has read of one team. Without a mark nothing was read."""

    up_to: datetime | None = None
    opened: Mapping[str, datetime] = field(default_factory=dict)
    """When each item was opened last since `up_to`, by its anchor: “issue-7”."""

    def since(self, begins: datetime | None) -> datetime | None:
        """From when on something is new; `begins` holds for whoever has no mark yet."""
        return self.up_to or begins

    def is_unread(self, about: str, at: datetime, *, begins: datetime | None = None) -> bool:
        """Whether what happened to the item at that time is new: after the mark, and not opened since."""
        since, opened = self.since(begins), self.opened.get(about)
        return (since is None or at > since) and (opened is None or at > opened)


class ReadMarkQuerySet(models.QuerySet["ReadMark"]):
    def states_of(self, user: User) -> dict[int, ReadState]:
        """By team, in one query; a team without a mark is not in it."""
        marks: dict[int, tuple[datetime | None, dict[str, datetime]]] = {}
        lines = self.filter(user=user).values_list("team_id", "up_to", "items__about", "items__at")
        for team, up_to, about, at in lines:
            _, opened = marks.setdefault(team, (up_to, {}))
            if about:
                opened[about] = at
        return {team: ReadState(up_to, opened) for team, (up_to, opened) in marks.items()}

    def state_of(self, user: User, team: Team) -> ReadState:
        return self.filter(team=team).states_of(user).get(team.pk, ReadState())


class ReadMark(models.Model):
    """One a person and team: everything up to `up_to` is read. Empty until everything was marked as read once;
    what is new begins where the reader of it says, such as at the last meeting."""

    user = models.ForeignKey(User, models.CASCADE, related_name="read_marks")
    team = models.ForeignKey(Team, models.CASCADE, related_name="read_marks")
    up_to = models.DateTimeField(null=True, blank=True)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("user", "team"), name="one_read_mark_a_person_and_team"),
        ]

    def __str__(self) -> str:
        return f"{self.user} has read {self.team} up to {self.up_to}"


class ItemRead(models.Model):
    """An item that was opened after the mark. Those the mark has passed are deleted with its move."""

    mark = models.ForeignKey(ReadMark, models.CASCADE, related_name="items")
    about = models.CharField(max_length=40, help_text="The item's anchor on the page: “issue-7”.")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "items read"
        constraints = [
            models.UniqueConstraint(fields=("mark", "about"), name="an_item_is_read_once_a_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.about}, {self.at}"


@transaction.atomic
def mark_all_read(user: User, team: Team, now: datetime) -> None:
    """Everything that happened in the team up to `now`. A mark never moves back."""
    mark, _ = ReadMark.objects.get_or_create(user=user, team=team)
    later = Q(up_to=None) | Q(up_to__lt=now)
    ReadMark.objects.filter(later, pk=mark.pk).update(up_to=now)
    ItemRead.objects.filter(mark=mark, at__lte=now).delete()


@transaction.atomic
def mark_item_read(user: User, team: Team, about: str, now: datetime) -> None:
    """Everything that happened to this item up to `now`."""
    mark, _ = ReadMark.objects.get_or_create(user=user, team=team)
    ItemRead.objects.update_or_create(mark=mark, about=about, defaults={"at": now})

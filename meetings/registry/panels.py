"""What was said and promised about a deal, on its page; what a team thinks of a contact, on the account's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from alignment.models import User
from alignment.rules.roles import PRINCIPAL_ROLES
from deals.models import Account, Contact, Deal
from deals.models.accounts import AccountQuerySet
from deals.registry.panels import Panel, on_contacts, on_deal
from meetings.capacity.lines import needs_of_deal
from meetings.models import Commitment, ContactNote, Decision, Issue, Meeting, Update

MOST = 100
"""So many of each kind, the newest."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Something written about the deal; `url` is where it stands."""

    at: datetime
    kind: str
    text: str
    who: str
    url: str
    is_open: bool = False


@on_deal
def words_about_deal(deal: Deal, reader: User, now: datetime) -> Iterable[Panel]:
    rows = [*_commitments(deal, reader), *_issues(deal, reader), *_decisions(deal, reader)]
    mentions = sorted([*rows, *_updates(deal, reader)], key=lambda row: row.at, reverse=True)
    return [Panel("meetings/panels/mentions.html", mentions, order=20)] if mentions else []


@on_deal
def capacity_of_deal(deal: Deal, reader: User, now: datetime) -> Iterable[Panel]:
    """What it takes to deliver it; of a deal that is lost or withdrawn only what was entered."""
    needs = needs_of_deal(deal, reader, today=deal.team.today(now))
    is_asked = deal.status in (Deal.Status.OPEN, Deal.Status.WON)
    return [Panel("meetings/panels/capacity.html", needs, order=10)] if needs.lines or is_asked else []


def _updates(deal: Deal, reader: User) -> Iterator[Mention]:
    """Comments of meetings that began; what is only prepared is not said yet."""
    readable = Meeting.objects.read_by(reader).filter(
        state__in=(Meeting.State.IN_PROGRESS, Meeting.State.HELD)
    )
    updates = Update.objects.filter(Q(deal=deal) | Q(deal__merged_into=deal))
    updates = updates.filter(meeting__in=readable.values("pk")).exclude(text="")
    for row in updates.select_related("author").order_by("-changed_at")[:MOST]:
        url = f"{reverse('meetings:review', args=[row.meeting_id])}#{deal.anchor}"
        yield Mention(row.changed_at, "Comment", row.text, row.author.name, url)


def _commitments(deal: Deal, reader: User) -> Iterator[Mention]:
    about = Q(deal=deal) | Q(risk__deal=deal)
    rows = Commitment.objects.visible_to(reader).filter(about).select_related("owner")
    for row in rows.order_by("-created_at")[:MOST]:
        url = reverse("meetings:commitment_edit", args=[row.pk])
        is_open = row.done_at is None and row.dropped_at is None
        yield Mention(row.created_at, "Commitment", row.text, row.owner.name, url, is_open)


def _issues(deal: Deal, reader: User) -> Iterator[Mention]:
    rows = Issue.objects.visible_to(reader).filter(Q(deal=deal) | Q(risk__deal=deal))
    for row in rows.select_related("created_by").order_by("-created_at")[:MOST]:
        who = row.created_by.name if row.created_by else ""
        url = reverse("meetings:issue_edit", args=[row.pk])
        yield Mention(row.created_at, "Issue", row.title, who, url, row.solved_at is None)


def _decisions(deal: Deal, reader: User) -> Iterator[Mention]:
    rows = Decision.objects.visible_to(reader).filter(Q(deal=deal) | Q(risk__deal=deal))
    for row in rows.order_by("-created_at")[:MOST]:
        yield Mention(
            row.created_at, "Decision", row.text, "", reverse("meetings:review", args=[row.meeting_id])
        )


TONES = {ContactNote.Stance.SUPPORTER.value: "good", ContactNote.Stance.AGAINST.value: "bad"}


@dataclass(frozen=True, slots=True)
class ContactStance:
    """A contact and what one team of the reader thinks of them, if it said so."""

    contact: Contact
    team: str
    note: ContactNote | None
    url: str

    @property
    def tone(self) -> str:
        """The stance in the words of the components."""
        return TONES.get(self.note.stance, "") if self.note else ""


@on_contacts
def notes_on_contacts(account: Account, reader: User, now: datetime) -> dict[int, Panel]:
    """For the CEO and the sales leader of a team that knows the account."""
    seats = list(
        reader.seats.filter(until=None, role__in=PRINCIPAL_ROLES)
        .filter(AccountQuerySet.knowing(account, team="team__"))
        .select_related("team")
        .order_by("team__name_key", "pk")
        .distinct()
    )
    contacts = list(Contact.objects.visible_to(reader).filter(account=account)[:MOST]) if seats else []
    notes = ContactNote.objects.visible_to(reader).filter(contact__in=contacts)
    by_place = (
        {(note.contact_id, note.team_id): note for note in notes.select_related("by")} if contacts else {}
    )
    return {
        contact.pk: Panel(
            "meetings/panels/contact_notes.html",
            [
                ContactStance(
                    contact=contact,
                    team=seat.team.name if len(seats) > 1 else "",
                    note=by_place.get((contact.pk, seat.team_id)),
                    url=reverse("meetings:contact_note", args=[seat.team.slug, contact.pk]),
                )
                for seat in seats
            ],
        )
        for contact in contacts
    }

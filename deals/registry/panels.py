"""What other features show on the page of a deal or of an account: each panel with a template of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alignment.models import User
from deals.models import Account, Deal


@dataclass(frozen=True, slots=True)
class Panel:
    """`template` is included with `panel`; `rows` is what it reads. What the reader may not see is not in it."""

    template: str
    rows: Any
    order: int = 50


OnDeal = Callable[[Deal, User, datetime], Iterable[Panel]]
OnAccount = Callable[[Account, User, datetime], Iterable[Panel]]
OnContacts = Callable[[Account, User, datetime], Mapping[int, Panel]]
ON_DEAL: list[OnDeal] = []
ON_ACCOUNT: list[OnAccount] = []
ON_CONTACTS: list[OnContacts] = []


def on_deal(panels: OnDeal) -> OnDeal:
    """Register panels of the page of a deal, for a reader of its team."""
    ON_DEAL.append(panels)
    return panels


def on_account(panels: OnAccount) -> OnAccount:
    """Register panels of the page of an account. Its readers may be of different teams: each panel reads through
    its own `visible_to`.
    """
    ON_ACCOUNT.append(panels)
    return panels


def on_contacts(panels: OnContacts) -> OnContacts:
    """Register what is shown beside each contact of an account, by the contact's number."""
    ON_CONTACTS.append(panels)
    return panels


def panels_of_deal(deal: Deal, reader: User, now: datetime) -> tuple[Panel, ...]:
    return _in_order(panel for panels in ON_DEAL for panel in panels(deal, reader, now))


def panels_of_account(account: Account, reader: User, now: datetime) -> tuple[Panel, ...]:
    return _in_order(panel for panels in ON_ACCOUNT for panel in panels(account, reader, now))


def panels_of_contacts(account: Account, reader: User, now: datetime) -> dict[int, list[Panel]]:
    """The panels of each contact, by its number."""
    by_contact: dict[int, list[Panel]] = defaultdict(list)
    for panels in ON_CONTACTS:
        for contact, panel in panels(account, reader, now).items():
            by_contact[contact].append(panel)
    return by_contact


def _in_order(panels: Iterable[Panel]) -> tuple[Panel, ...]:
    return tuple(sorted(panels, key=lambda panel: panel.order))

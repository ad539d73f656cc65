"""The kinds of tables by their names."""

from __future__ import annotations

from collections.abc import Mapping

from deals.import_runs.kinds.accounts import AccountPlanner, take_back_accounts, write_accounts
from deals.import_runs.kinds.contacts import ContactPlanner, take_back_contacts, write_contacts
from deals.import_runs.kinds.deal_undoing import take_back_deals
from deals.import_runs.kinds.deal_writing import write_deals
from deals.import_runs.kinds.deals import DealPlanner
from deals.import_runs.kinds.history import HistoryPlanner, take_back_history, write_history
from deals.import_runs.kinds.revenue import RevenuePlanner, take_back_revenue, write_revenue
from deals.import_runs.plan import ImportedKind
from deals.models.imports import ImportKind

KINDS: Mapping[str, ImportedKind] = {
    ImportKind.DEALS: ImportedKind(planner=DealPlanner, write=write_deals, take_back=take_back_deals),
    ImportKind.REVENUE: ImportedKind(
        planner=RevenuePlanner, write=write_revenue, take_back=take_back_revenue
    ),
    ImportKind.ACCOUNTS: ImportedKind(
        planner=AccountPlanner, write=write_accounts, take_back=take_back_accounts
    ),
    ImportKind.CONTACTS: ImportedKind(
        planner=ContactPlanner, write=write_contacts, take_back=take_back_contacts
    ),
    ImportKind.HISTORY: ImportedKind(
        planner=HistoryPlanner, write=write_history, take_back=take_back_history
    ),
}

"""The five sections of an agenda, one file each: its query, its row, how a row is made, the section."""

from meetings.agenda.sections.big_deals import DealRow, DealsSection
from meetings.agenda.sections.initiatives import InitiativeRow, InitiativesSection
from meetings.agenda.sections.issues import IssueRow, IssuesSection
from meetings.agenda.sections.revenue import RevenueSection
from meetings.agenda.sections.risks import RiskRow, RisksSection

__all__ = [
    "DealRow",
    "DealsSection",
    "InitiativeRow",
    "InitiativesSection",
    "IssueRow",
    "IssuesSection",
    "RevenueSection",
    "RiskRow",
    "RisksSection",
]

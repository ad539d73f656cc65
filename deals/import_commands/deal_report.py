"""What an import of deals from the terminal read and did, for a person and for a program."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum

from alignment.models import Company
from alignment.rules.money import show
from alignment.rules.revenue_kinds import RevenueKind
from deals.crm_formats import KINDS
from deals.import_commands.team_assignment import TeamAssignment
from deals.imports.kinds.rows import DealRow, ReadRow
from deals.imports.understanding import Understanding
from deals.models import Deal, ImportRun, RevenueEntry
from deals.tables.checks import MAX_ERRORS

ROLES = KINDS["deals"].roles


@dataclass(frozen=True, slots=True)
class DealFile:
    """What a file of deals says, and its rows: those that were read, those that the CRM has deleted, those that are
    refused, and sums. `in_order` are all of them as the file has them.
    """

    understanding: Understanding
    rows: list[DealRow] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)
    in_order: list[ReadRow] = field(default_factory=list)

    @property
    def stages(self) -> dict[str, list[str]]:
        """Status → the stages that were read as such."""
        stages = defaultdict[str, set[str]](set)
        for row in self.rows:
            stages[row.status].add(row.stage)
        return {status: sorted(stages[status]) for status in ("won", "lost", "open")}

    @property
    def named(self) -> dict[str, str]:
        """Role → the header of its column."""
        return {column.role: column.key for column in self.understanding.columns if column.role}

    @property
    def unused(self) -> list[str]:
        return [column.header for column in self.understanding.columns if column.header and not column.role]


@dataclass(slots=True)
class Outcome:
    """What an import did, in rows and in money."""

    counts: Counter[str] = field(default_factory=Counter)
    entered: Decimal = Decimal(0)
    corrected: Decimal = Decimal(0)
    elsewhere: set[str] = field(default_factory=set)
    """Deals that stay with the team that had them first, although their owner now works for another."""
    more_than_amount: set[str] = field(default_factory=set)
    """Deals for which more is booked than their amount."""

    @classmethod
    def of(cls, run: ImportRun, assignment: TeamAssignment, file: DealFile) -> Outcome:
        """Read from the run and from what it wrote."""
        outcome = cls(Counter(run.summary["counts"]))
        applied = run.summary.get("applied", {})
        withdrawn = run.rows.filter(is_applied=True, after__status=Deal.Status.WITHDRAWN).count()
        outcome.counts["accounts"] = applied.get("account", 0)
        outcome.counts["deleted"] = withdrawn
        outcome.counts["changed"] -= withdrawn
        for entry in RevenueEntry.objects.filter(run=run).select_related("corrects"):
            outcome.counts["corrections" if entry.corrects else "entries"] += 1
            if entry.corrects:
                outcome.corrected += entry.amount - entry.corrects.amount
            else:
                outcome.entered += entry.amount
        known = known_teams(run, file)
        outcome.elsewhere = {
            key for key, team in assignment.team_of.items() if known.get(key, team.pk) != team.pk
        }
        outcome.more_than_amount = overbooked(run)
        return outcome


def known_teams(run: ImportRun, file: DealFile) -> dict[str, int]:
    """The team that each of the file's deals is with, by its id."""
    deals = Deal.objects.filter(company=run.company, source=file.understanding.source)
    return dict(deals.exclude(external_id="").values_list("external_id", "team"))


def overbooked(run: ImportRun) -> set[str]:
    """The names of the run's won deals for which more is booked than their amount."""
    targets = run.rows.filter(thing=run.kind).exclude(target=None).values("target")
    entries = RevenueEntry.objects.uncorrected().filter(kind=RevenueKind.WON, deal=OuterRef("pk"))
    sums = entries.order_by().values("deal").annotate(total=Sum("amount")).values("total")
    won = Deal.objects.filter(pk__in=targets, status=Deal.Status.WON).annotate(booked=Subquery(sums))
    return set(won.filter(booked__gt=F("amount")).values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class Report:
    """What an import read and did."""

    company: Company
    company_is_new: bool
    reading: DealFile
    assignment: TeamAssignment
    outcome: Outcome
    dry_run: bool
    notes: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """For a person at a terminal."""
        return [*self._reading_lines(), *self._created_lines(), *self._result_lines()]

    def as_json(self) -> dict[str, Any]:
        """For a program; amounts are text."""
        counts = self.outcome.counts
        return {
            "dry_run": self.dry_run,
            "source": self.reading.understanding.format_name,
            "columns": self.reading.named,
            "unused_columns": self.reading.unused,
            "stages": self.reading.stages,
            "company": {
                "slug": self.company.slug,
                "currency": self.company.currency,
                "made": self.company_is_new,
            },
            "teams": [
                {
                    "name": team.name,
                    "slug": team.slug,
                    "made": team in self.assignment.new_teams,
                    "deals": self.assignment.count(team),
                    "mid_deal_from": str(team.mid_deal_from),
                    "big_deal_from": str(team.big_deal_from),
                }
                for team in self.assignment.teams
            ],
            "rows": len(self.assignment.team_of),
            "left_out": len(self.reading.deleted),
            "sums": self.reading.sums,
            "refused": self.reading.refused,
            "notes": list(self.notes),
            "new": counts["new"],
            "changed": counts["changed"],
            "unchanged": counts["unchanged"],
            "accounts": counts["accounts"],
            "elsewhere": sorted(self.outcome.elsewhere),
            "revenue": {"entries": counts["entries"], "amount": str(self.outcome.entered)},
            "corrections": {"entries": counts["corrections"], "amount": str(self.outcome.corrected)},
        }

    def _money(self, amount: Any) -> str:
        return show(amount, currency=self.company.currency, locale="en-US")

    def _reading_lines(self) -> list[str]:
        columns = ", ".join(f"{ROLES[role]} from “{header}”" for role, header in self.reading.named.items())
        lines = [f"Read as {self.reading.understanding.format_name}: {columns}."]
        if self.reading.unused:
            unused = ", ".join(f"“{header}”" for header in self.reading.unused)
            lines.append(f"Columns not used: {unused}.")
        stages = [f"{status}: {', '.join(names)}" for status, names in self.reading.stages.items() if names]
        return [*lines, f"Stages read as {'; '.join(stages)}.", *self.notes]

    def _created_lines(self) -> list[str]:
        lines = []
        if self.company_is_new:
            terms = f"amounts in {self.company.currency}, time zone {self.company.timezone}"
            lines.append(f"Company “{self.company}” created ({self.company.slug}): {terms}.")
        for team in self.assignment.teams:
            created = ", created" if team in self.assignment.new_teams else ""
            mid, big = self._money(team.mid_deal_from), self._money(team.big_deal_from)
            bands = f"mid-size deals from {mid}, big deals from {big}"
            lines.append(
                f"Team “{team}” ({team.slug}{created}): {self.assignment.count(team):,} deals; {bands}."
            )
        idle = [team.name for team in self.assignment.new_teams if team not in self.assignment.teams]
        return [*lines, *(f"Team “{name}” created; it has no deals in this file." for name in idle)]

    def _result_lines(self) -> list[str]:
        counts = self.outcome.counts
        rows = f"{counts['new']:,} new, {counts['changed']:,} changed, {counts['unchanged']:,} unchanged"
        entries = f"{counts['entries']:,} new entries, {self._money(self.outcome.entered)} in total"
        lines = [
            f"{len(self.assignment.team_of):,} deals: {rows}; {counts['accounts']:,} new accounts.",
            f"Revenue: {entries}, {counts['corrections']:,} corrections.",
        ]
        if self.outcome.more_than_amount:
            names = ", ".join(sorted(self.outcome.more_than_amount)[:5])
            lines.append(
                f"More is booked than the amount of {len(self.outcome.more_than_amount):,} deals: {names}."
            )
        if counts["deleted"]:
            lines.append(
                f"{counts['deleted']:,} deals were deleted in the CRM: withdrawn now, their revenue is corrected."
            )
        if self.reading.refused:
            lines += [f"{len(self.reading.refused):,} rows were refused:", *self.reading.refused[:MAX_ERRORS]]
        skipped = len(self.reading.deleted) - counts["deleted"]
        if skipped:
            lines.append(f"{skipped:,} rows are marked as deleted and were skipped.")
        if self.reading.sums:
            examples = "; ".join(self.reading.sums[:5])
            lines.append(f"{len(self.reading.sums):,} rows were left out as sums: {examples}.")
        if self.outcome.elsewhere:
            lines.append(f"{len(self.outcome.elsewhere):,} deals stay with the team that had them first.")
        if self.dry_run:
            lines.append("This was a dry run: nothing was saved.")
        return lines

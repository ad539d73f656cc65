"""Accounts, reps and pipelines that deals of an import name: those that are there, and those made with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from alignment.rules.folding import fold, search_key
from deals.import_runs.plan import WriteContext
from deals.models import Account, ImportRow, Pipeline, Rep, RepSpelling

Linked: TypeAlias = Account | Rep | Pipeline


class LinkedRows:
    """Finds rows of other tables by their names, and makes what is missing. `made` are rows of the run."""

    def __init__(self, context: WriteContext) -> None:
        self.context = context
        self.made: list[ImportRow] = []
        self.accounts: dict[str, Account] = {}
        self.pipelines: dict[str, Pipeline] = {}
        self.reps: dict[tuple[str, int], Rep | None] = {}
        self.by_id: dict[tuple[str, int], Linked] = {}

    def add_accounts(self, names: Iterable[str]) -> None:
        """Have these accounts at hand. Two spellings of a name are one account."""
        by_key = {search_key(name): name for name in reversed([*filter(None, names)])}
        company = self.context.scope.company
        accounts = Account.objects.filter(company=company, name_key__in=by_key)
        self.accounts |= {account.name_key: account for account in accounts}
        missing = [
            Account(company=company, name=name, source=self.context.source)
            for key, name in sorted(by_key.items())
            if key not in self.accounts
        ]
        for account in Account.objects.bulk_create(missing):
            self.accounts[search_key(account.name)] = account
            self._add_made("account", account.name, account.pk)

    def add_pipelines(self, names: Iterable[str]) -> None:
        by_key = {search_key(name): name for name in reversed([*filter(None, names)])}
        company, source = self.context.scope.company, self.context.source
        pipelines = Pipeline.objects.filter(company=company, source=source, name_key__in=by_key)
        self.pipelines |= {pipeline.name_key: pipeline for pipeline in pipelines}
        missing = [
            Pipeline(company=company, source=source, name=name)
            for key, name in sorted(by_key.items())
            if key not in self.pipelines
        ]
        for pipeline in Pipeline.objects.bulk_create(missing):
            self.pipelines[search_key(pipeline.name)] = pipeline
            self._add_made("pipeline", pipeline.name, pipeline.pk)

    def add_known(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have at hand what values of a run name by id: what a deal had before."""
        models: dict[str, type[Linked]] = {"account": Account, "rep": Rep, "pipeline": Pipeline}
        for name, model in models.items():
            ids = {row[f"{name}_id"] for row in rows if row.get(f"{name}_id")}
            self.by_id |= {(name, pk): linked for pk, linked in model._base_manager.in_bulk(ids).items()}  # noqa: SLF001

    def named(self, field: str, name: str, team_id: int) -> Linked | None:
        """The account, pipeline or rep of that name; None for an empty one."""
        if field == "rep":
            return self.rep(name, team_id)
        return self.account(name) if field == "account" else self.pipelines.get(search_key(name))

    def account(self, name: str) -> Account | None:
        """One of those at hand."""
        return self.accounts.get(search_key(name)) if name else None

    def rep(self, name: str, team_id: int) -> Rep | None:
        """The team's rep of that name, on the team from today if new. A spelling that somebody placed is kept for the
        next file.
        """
        if not name:
            return None
        if (name, team_id) not in self.reps:
            self.reps[name, team_id] = self._find_or_make_rep(name, team_id)
        return self.reps[name, team_id]

    def _find_or_make_rep(self, name: str, team_id: int) -> Rep | None:
        owners = self.context.owners
        team, day = owners.by_pk[team_id], self.context.day(team_id)
        is_new = owners.rep(name, team_id) is None
        rep = owners.reps.find_or_create(name, team=team, day=day, source=self.context.source)
        if is_new and rep:
            self._add_made("rep", rep.name, rep.pk)
        if rep and fold(name) in owners.choices:
            self._remember(name, rep)
        return rep

    def _remember(self, name: str, rep: Rep) -> None:
        RepSpelling.objects.get_or_create(
            company=self.context.scope.company,
            source=self.context.source,
            key=fold(name)[:250],
            defaults={"rep": rep},
        )

    def _add_made(self, thing: str, name: str, pk: int) -> None:
        self.made.append(
            ImportRow(
                run=self.context.run,
                number=0,
                thing=thing,
                verdict=ImportRow.Verdict.NEW,
                name=name,
                target=pk,
                is_applied=True,
            )
        )

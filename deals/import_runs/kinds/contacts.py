"""Contacts of a file: recognised by their id, else by address or name within their account. Personal data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alignment.rules.folding import search_key
from deals.import_runs.kinds.accounts import accounts_of_others, find_accounts
from deals.import_runs.kinds.linked_rows import LinkedRows
from deals.import_runs.kinds.records import Records, lock_unchanged, mark_applied, take_back, upsert
from deals.import_runs.plan import OutdatedPreviewError, WriteContext, Written
from deals.imports.kinds.rows import ContactRow, Values
from deals.models import Account, Contact, ImportRow

Verdict = ImportRow.Verdict
FIELDS = ("name", "name_key", "title", "level", "role", "email", "source", "external_id")
LEVELS = {"vp_director": Contact.Level.DIRECTOR}
"""Levels that the engine calls otherwise."""


class ContactPlanner(Records[Contact]):
    def plan(self, rows: Sequence[Values]) -> Iterator[ImportRow]:
        contacts = [row for row in rows if isinstance(row, ContactRow)]
        accounts = find_accounts(
            self.context, {row.account_id for row in contacts}, {row.account for row in contacts}
        )
        strange = accounts_of_others(self.context, [account.pk for account in accounts.values()])
        known = known_contacts([account.pk for account in accounts.values()])
        for row in contacts:
            account = accounts.get(f"id {row.account_id}") or accounts.get(f"name {search_key(row.account)}")
            if account and account.pk in strange:
                self.context.counts["other_teams"] += 1
            else:
                yield self._plan(row, account, known)

    def finish(self) -> Iterator[ImportRow]:
        return iter(())

    def _plan(
        self, row: ContactRow, account: Account | None, known: Mapping[tuple[int, str], Contact]
    ) -> ImportRow:
        context = self.context
        if account is None and not row.account:
            reason = f"No account with the ID {row.account_id} is known. Import the accounts first."
            return context.refused(row.number, name=row.name, reason=reason)
        owner = str(account.pk) if account else search_key(row.account)
        identity = f"{owner} {row.external_id or row.email.casefold() or search_key(row.name)}"
        if earlier := context.first_row(identity, row.number):
            return context.refused(row.number, name=row.name, reason=f"Row {earlier} is the same person.")
        contact = find_contact(row, account, known, source=context.source)
        values = {name: getattr(row, name) for name in ("name", "title", "role", "email", "external_id")}
        values["level"] = LEVELS.get(row.level, row.level)
        if contact is not None:
            return self.change(row.number, contact, values)
        values["account"] = account.name if account else row.account
        return self.new(row.number, row.name, values, account_id=account.pk if account else None)


def known_contacts(accounts: Sequence[int]) -> dict[tuple[int, str], Contact]:
    """By account and each of “id …”, “email …”, “name …”; a name that two have names neither."""
    known: dict[tuple[int, str], Contact] = {}
    doubled: set[tuple[int, str]] = set()
    for contact in Contact.objects.filter(account__in=accounts):
        keys = [f"name {contact.name_key}"]
        keys += [f"email {contact.email.casefold()}"] if contact.email else []
        keys += [f"id {contact.source} {contact.external_id}"] if contact.external_id else []
        for key in keys:
            if (contact.account_id, key) in known:
                doubled.add((contact.account_id, key))
            known[contact.account_id, key] = contact
    return {key: contact for key, contact in known.items() if key not in doubled}


def find_contact(
    row: ContactRow, account: Account | None, known: Mapping[tuple[int, str], Contact], *, source: str
) -> Contact | None:
    if account is None:
        return None
    if row.external_id and (contact := known.get((account.pk, f"id {source} {row.external_id}"))):
        return contact
    if row.email and (contact := known.get((account.pk, f"email {row.email.casefold()}"))):
        return contact
    contact = known.get((account.pk, f"name {search_key(row.name)}"))
    # Two people of one name: whoever has another id or address is somebody else.
    is_another = contact and ((contact.external_id and row.external_id) or (contact.email and row.email))
    return None if is_another else contact


def write_contacts(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """Raises OutdatedPreviewError."""
    new = [row for row in rows if row.verdict == Verdict.NEW]
    changed = [row for row in rows if row.verdict != Verdict.NEW]
    known = lock_unchanged(Contact, changed)
    linked = LinkedRows(context)
    linked.add_accounts(row.after["account"] for row in new)
    accounts = {row: _account(row, linked) for row in new}
    check_new(accounts, context)
    created = {
        row: Contact(account=account, source=context.source, **typed_contact(row.after))
        for row, account in accounts.items()
    }
    Contact.objects.bulk_create(created.values())
    saved = {row: known[row.target or 0] for row in changed}
    for row, contact in saved.items():
        for field, value in typed_contact(row.after).items():
            setattr(contact, field, value)
        if "external_id" in row.after:
            contact.source = context.source
        contact.version += 1
    upsert(Contact, saved.values(), FIELDS)
    mark_applied(created | saved)
    return Written(made=linked.made)


def check_new(accounts: Mapping[ImportRow, Account], context: WriteContext) -> None:
    """Whether the people who were new at the preview are so still."""
    known = known_contacts([account.pk for account in accounts.values()])
    outdated = [
        row
        for row, account in accounts.items()
        if row.after.get("external_id")
        and (account.pk, f"id {context.source} {row.after['external_id']}") in known
    ]
    if outdated:
        raise OutdatedPreviewError(outdated)


def _account(row: ImportRow, linked: LinkedRows) -> Account:
    account = linked.account(row.after["account"])
    assert account is not None, "every account that new contacts name was found or made"
    return account


def typed_contact(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in FIELDS}


def take_back_contacts(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    return take_back(Contact, rows, context, fields=FIELDS, typed=typed_contact)

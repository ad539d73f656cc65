"""A line as a contact. Pure; raises CellError for what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from alignment.rules.folding import fold
from deals.imports.kinds.reader import LONGEST_PERSON, RowReader
from deals.imports.kinds.rows import ContactRow
from deals.imports.kinds.words import CONTACT_ROLES, LEVELS, level_of, meaning
from deals.tables.cells import CellError, quote
from deals.tables.csv_reader import Line


@dataclass(frozen=True, slots=True)
class ContactReader(RowReader):
    def is_deleted(self, line: Line) -> bool:
        return bool(self.flag(line, "is_deleted"))

    def key(self, line: Line) -> str:
        """The contact's id; empty where there is no column of ids."""
        if "external_id" not in self.layout.columns:
            return ""
        return self.required_id(line, "external_id", what="contact")

    def twin_key(self, line: Line) -> str:
        roles = ("account", "account_id", "name", "first_name", "last_name", "email")
        return self.key(line) or "\n".join(fold(self.layout.cell(line, role)) for role in roles)

    def row(self, line: Line) -> ContactRow | None:
        """None for a contact that the CRM has deleted."""
        self.check_width(line)
        if self.is_deleted(line):
            return None
        name = self.text(line, "name", LONGEST_PERSON) or self._full_name(line)
        if not name:
            raise CellError("the contact has no name")
        account, account_id = self.text(line, "account"), self.optional_id(line, "account_id")
        if not account and not account_id:
            raise CellError(f"“{self.layout.header_of('account', 'account_id')}” is empty")
        title = self.text(line, "title", LONGEST_PERSON)
        level = self.layout.cell(line, "level")
        return ContactRow(
            number=line.number,
            external_id=self.key(line),
            name=name,
            title=title,
            level=meaning(level, LEVELS) if level else level_of(title),
            role=meaning(self.layout.cell(line, "role"), CONTACT_ROLES),
            email=self._email(line),
            account=account,
            account_id=account_id,
        )

    def _full_name(self, line: Line) -> str:
        parts = (self.text(line, role, LONGEST_PERSON) for role in ("first_name", "last_name"))
        return " ".join(filter(None, parts))[:LONGEST_PERSON]

    def _email(self, line: Line) -> str:
        text = self.text(line, "email", 254)
        if not text:
            return ""
        try:
            validate_email(text)
        except ValidationError as error:
            problem = CellError(f"“{quote(text)}” is not an e-mail address")
            raise self._in_column("email", problem) from error
        return text

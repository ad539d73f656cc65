"""The forms of an import: the file, what was understood of it, and what to do with deals it does not have."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from alignment.forms.layout import Question
from deals.crm_formats import UNREAD
from deals.import_runs import files
from deals.import_runs.owners import NO_OWNER, team_choices
from deals.import_runs.scopes import ImportScope, scope_of
from deals.imports.answers import Answers
from deals.imports.understanding import format_choices, role_choices
from deals.models import ImportRun
from deals.models.imports import ImportKind
from deals.tables.questions import HIDDEN_CHOICES, MARK_CHOICES, ORDER_CHOICES

Choices = Sequence[tuple[str, str]]
MUST_BE_SAID = ("completeness",)
"""Questions that a file without a person may leave open, but not whoever reads this page."""
OWNERS_IN_A_TABLE = 4
"""So many owners without a team, or more, are a table with one choice for all of them."""
NOT_SAID = ("", "Choose")
MEANINGS = (("open", "Open"), ("won", "Won"), ("lost", "Lost"), ("leave-out", "No deal: leave out"))
READ_CHOICES = (("read", "Import"), ("leave-out", "Leave out"))
MARKS, ORDERS = (("", "Not needed"), *MARK_CHOICES), (("", "Not needed"), *ORDER_CHOICES)
ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows, western Europe"),
    ("cp1250", "Windows, central Europe"),
    ("cp1251", "Windows, Cyrillic"),
    ("mac-roman", "Mac"),
)
STALE = "The file was read anew meanwhile, with other answers. Nothing was saved. Check the page again."


class UploadForm(Question):
    """A file, what it is a list of, and for whom it is. `token` makes two clicks one."""

    layout = (("file",), ("kind", "scope"))
    file = forms.FileField(
        label="File",
        help_text="CSV or XLSX, at most 50 MB.",
        error_messages={"required": "Choose a file first.", "empty": files.EMPTY},
    )
    kind = forms.ChoiceField(choices=ImportKind.choices, label="It is a list of", initial=ImportKind.DEALS)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, scopes: Sequence[ImportScope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes = {scope.key: scope for scope in scopes}
        choices = [(scope.key, scope.label) for scope in scopes]
        self.fields["scope"] = forms.ChoiceField(
            label="Import for",
            choices=choices,
            initial=choices[0][0],
            widget=forms.Select if len(choices) > 1 else forms.HiddenInput,
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > files.LARGEST:
            raise forms.ValidationError(files.TOO_LARGE)
        return file

    @property
    def scope(self) -> ImportScope:
        return self.scopes[self.cleaned_data["scope"]]


@dataclass(frozen=True)
class Entry:
    """One thing that was understood, as the page shows it beside its field."""

    about: Mapping[str, Any]
    field: BoundField


class AnswersForm(forms.Form):
    """What was understood of a file, each part of it to be corrected, with its open questions.

    Only what differs from what the page showed, and answers to questions, becomes an answer: whatever the format says
    itself stays the format's. `basis` names the understanding that the page showed.
    """

    basis = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.understood = run, run.understanding
        self.keys: dict[str, str] = {}
        self.owners: dict[str, str] = {}
        self.groups: dict[str, list[Entry]] = {}
        self.fields["basis"].initial = basis_of(run)
        questioned = {question["key"] for question in self.understood["questions"]}
        for group, key, about, choices, initial in self._understood_parts():
            if key not in questioned:
                self._add(group, key, about, choices, initial)
        for question in self.understood["questions"]:
            self._add_question(question)
        for number, question in enumerate(self.understood["owner_questions"]):
            name = f"owner-{number}"
            self.owners[name] = question["owner"]
            group = "known_owners" if question["is_known"] else "owners"
            self._add_field(group, name, question, (NOT_SAID, *question["choices"]), "", is_required=True)
        if len(self.owner_questions) >= OWNERS_IN_A_TABLE:
            for entry in self.owner_questions:
                self.fields[entry.field.name].required = False
            choices = (NOT_SAID, *self.owner_questions[0].about["choices"])
            self.fields["other_owners"] = forms.ChoiceField(
                choices=choices, required=False, label="All owners without a choice of their own"
            )
        self._add_said_owners()

    def clean_basis(self) -> str:
        basis: str = self.cleaned_data["basis"]
        if basis != basis_of(self.run):
            raise forms.ValidationError(STALE)
        return basis

    def clean(self) -> dict[str, Any]:
        """Owners without a choice of their own have that of all who are left."""
        for entry in self.owner_questions:
            name = entry.field.name
            if self.cleaned_data.get(name) == "":
                self.cleaned_data[name] = self.cleaned_data.get("other_owners", "")
                if not self.cleaned_data[name]:
                    self.add_error(name, "Choose a team, or one for all of them above.")
        return self.cleaned_data

    @property
    def answers(self) -> Answers:
        """What was said before, and what this form says."""
        answers = Answers.from_json(self.run.answers)
        for name, key in self.keys.items():
            value = self.cleaned_data.get(name, "")
            if name.startswith("doubt") or value != (self.fields[name].initial or ""):
                answers = answers.with_answer(key, value)
        return answers

    @property
    def choices(self) -> dict[str, Any]:
        """The teams that were chosen for owners, those of before included."""
        owners = {
            owner: self.cleaned_data[name]
            for name, owner in self.owners.items()
            if self.cleaned_data.get(name)
        }
        return {**self.run.choices, "owners": [*(self.run.owner_choices | owners).items()]}

    @property
    def questions(self) -> list[Entry]:
        return self.groups.get("doubt", [])

    @property
    def owner_questions(self) -> list[Entry]:
        """Owners for whom no team is known."""
        return self.groups.get("owners", [])

    @property
    def known_owners(self) -> list[Entry]:
        """Owners who are known in several teams."""
        return self.groups.get("known_owners", [])

    def _understood_parts(self) -> Iterator[tuple[str, str, Mapping[str, Any], Choices, str]]:
        """Group, key of the answer, what is shown of it, the choices, and what is taken now."""
        understood = self.understood
        roles = [(role, capital(name)) for role, name in role_choices(self.run.kind)]
        for column in understood["columns"]:
            yield "column", f"columns:{column['key']}", column, roles, column["role"] or UNREAD
        for stage in understood["stages"]:
            yield "stage", f"stages:{stage['name']}", stage, MEANINGS, stage["meaning"]
        for part in ("pipelines", "record_types"):
            for name, rows in understood[part]:
                initial = self.run.answers.get(part, {}).get(name, "read")
                yield part, f"{part}:{name}", {"name": name, "rows": rows}, READ_CHOICES, initial
        yield from self._written()

    def _written(self) -> Iterator[tuple[str, str, Mapping[str, Any], Choices, str]]:
        """How the file is written."""
        understood = self.understood
        formats = [(key, capital(name)) for key, name in format_choices(self.run.kind)]
        yield "written", "format", {"label": "Source"}, formats, understood["format"]
        if len(understood["worksheets"]) > 1:
            worksheets = [(name, name) for name in understood["worksheets"]]
            yield "written", "worksheet", {"label": "Sheet"}, worksheets, understood["worksheet"]
        yield "written", "decimal_mark", {"label": "Amounts"}, MARKS, understood["decimal_mark"]
        yield "written", "date_order", {"label": "Dates"}, ORDERS, understood["date_order"]
        yield (
            "written",
            "currency",
            {"label": "Currency"},
            (),
            understood["currency"],
        )
        if understood["separator"]:
            yield "written", "encoding", {"label": "Code page"}, ENCODINGS, understood["encoding"]
        if hidden := self.run.answers.get("hidden"):
            yield "written", "hidden", {"label": "Hidden rows"}, HIDDEN_CHOICES, hidden

    def _add(self, group: str, key: str, about: Mapping[str, Any], choices: Choices, initial: str) -> None:
        name = f"{group}-{len(self.groups.get(group, []))}"
        self.keys[name] = key
        if choices and initial not in dict(choices):
            choices = [(initial, initial or "Choose"), *choices]
        self._add_field(group, name, about, choices, initial, is_required=False)

    def _add_question(self, question: Mapping[str, Any]) -> None:
        name = f"doubt-{len(self.questions)}"
        self.keys[name] = question["key"]
        self._add_field(
            "doubt",
            name,
            question,
            (NOT_SAID, *question["choices"]) if question["choices"] else (),
            "",
            is_required=question["is_required"] or question["key"] in MUST_BE_SAID,
        )

    def _add_said_owners(self) -> None:
        """Whose deals are whose, as somebody said before: to be corrected."""
        questioned = set(self.owners.values())
        known = [(owner, slug) for owner, slug in self.run.owner_choices.items() if owner not in questioned]
        choices = dict(team_choices(scope_of(self.run))) if known else {}
        for number, (owner, slug) in enumerate(known):
            name = f"said-owner-{number}"
            self.owners[name] = owner
            about, offered = {"label": owner or NO_OWNER}, tuple(({slug: slug} | choices).items())
            self._add_field("said_owners", name, about, offered, slug, is_required=True)

    def _add_field(
        self,
        group: str,
        name: str,
        about: Mapping[str, Any],
        choices: Choices,
        initial: str,
        *,
        is_required: bool,
    ) -> None:
        options: dict[str, Any] = {"required": is_required, "initial": initial}
        options["label"] = (
            about.get("sentence") or about.get("label") or about.get("name") or about.get("header")
        )
        options["error_messages"] = {"required": "Choose an answer." if choices else "Enter an answer."}
        self.fields[name] = (
            forms.ChoiceField(choices=choices, **options)
            if choices
            else forms.CharField(max_length=200, **options)
        )
        self.groups.setdefault(group, []).append(Entry(about, self[name]))


def basis_of(run: ImportRun) -> str:
    """Names one understanding of a file."""
    plain = json.dumps([run.understanding, run.answers, run.choices], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class MissingDealForm(forms.Form):
    """What becomes of a deal that is open here and missing from a complete list."""

    CHOICES = (
        ("", "Leave it open"),
        ("lost", "It was lost"),
        ("withdrawn", "It was deleted in the CRM"),
    )
    row = forms.IntegerField(min_value=1, max_value=2**62)
    becomes = forms.ChoiceField(choices=CHOICES, required=False)

"""Conventions that a reader may rely on."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

from alignment.models.people import is_for_its_people_alone

ROOT = Path(__file__).parent.parent
ROOMS = ("alignment", "deals", "meetings")
COMPOSITION = {"settings.py", "urls.py", "celery.py"}
FORBIDDEN = {"alignment": ("deals", "meetings"), "deals": ("meetings",), "meetings": ()}


def sources(room: str) -> Iterator[Path]:
    return (file for file in sorted((ROOT / room).rglob("*.py")) if "migrations" not in file.parts)


ALL = [file for room in ROOMS for file in sources(room)]


def offenders(files: list[Path], offends: Callable[[Path], object]) -> dict[str, object]:
    """What is wrong with which file."""
    found = {str(file.relative_to(ROOT)): offends(file) for file in files}
    return {name: wrong for name, wrong in found.items() if wrong}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_dependencies_point_one_way() -> None:
    def imported_from_above(file: Path) -> list[str]:
        room = file.relative_to(ROOT).parts[0]
        return [name for name in imported(file) if name.split(".")[0] in FORBIDDEN[room]]

    assert offenders(ALL, imported_from_above) == {}


def test_no_signals_and_no_generic_foreign_keys() -> None:
    def hidden_couplings(file: Path) -> list[str]:
        return [name for name in imported(file) if "signals" in name or "contenttypes" in name]

    assert offenders(ALL, hidden_couplings) == {}


def test_no_drawer_for_odds_and_ends() -> None:
    assert not [file for file in ALL if file.stem in {"services", "utils", "helpers", "common", "misc"}]


def test_files_stay_small_enough_to_read() -> None:
    """STYLE asks for a look at 300; this stops a mega-file."""

    def lines_of_a_mega_file(file: Path) -> int:
        lines = len(file.read_text().splitlines())
        return lines if lines > 400 else 0

    assert offenders(ALL, lines_of_a_mega_file) == {}


def test_nothing_is_done_behind_save() -> None:
    overriding = [model for model in ours() if "save" in vars(model)]
    assert not overriding


def test_every_model_is_in_the_emergency_admin_but_what_is_for_its_people_alone() -> None:
    for model in ours():
        assert admin.site.is_registered(model) is not is_for_its_people_alone(model), model


def ours() -> list[type]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


def missing_templates(names: Iterable[str]) -> list[str]:
    """Those that cannot be found or do not compile, each with the reason."""
    found = []
    for name in names:
        try:
            get_template(name)
        except (TemplateDoesNotExist, TemplateSyntaxError) as error:
            found.append(f"{name}: {type(error).__name__} {error}")
    return found


def test_every_template_compiles() -> None:
    compiled = [file for file in TEMPLATES if file.suffix in {".html", ".txt"}]
    assert missing_templates(str(file.relative_to(ROOT / "templates")) for file in compiled) == []


PAGES = [file for file in TEMPLATES if "emails" not in file.parts and file.suffix == ".html"]
AGAINST_THE_POLICY = re.compile(
    r"""<[^>]*\s(?:style|on[a-z]+|hx-on[^=]*)=|<script(?![^>]*\ssrc=)[^>]*>|(?:src|href)=["']https?://"""
)


def test_pages_keep_to_the_strict_policy() -> None:
    assert offenders(PAGES, lambda file: AGAINST_THE_POLICY.findall(file.read_text())) == {}


REQUESTS = re.compile(r"render\(\s*request,\s*\"([^\"]+)\"")


def test_every_rendered_template_exists() -> None:
    assert offenders(ALL, lambda file: missing_templates(REQUESTS.findall(file.read_text()))) == {}


#: Teams meet every week, every two weeks or once a month, and the numbers of the escalation are settings.
ONLY_SOMETIMES_TRUE = re.compile(
    r"last week|weekly|weeks in a row|(?:one|two|three) meetings? (?:in a row|missed)|\b(?:13|52)[ -]weeks?\b",
    re.IGNORECASE,
)


def test_no_template_says_what_is_true_of_some_teams_alone() -> None:
    said = [file for file in TEMPLATES if file.suffix in {".html", ".txt"}]
    assert offenders(said, lambda file: ONLY_SOMETIMES_TRUE.findall(file.read_text())) == {}


#: An import goes from a later folder to an earlier one. Whatever is named neither here nor below is a feature.
ORDER = ("rules", "db", "models", "feature", "registry", "forms", "web", "pages", "views", "urls")
LAYERS = {*ORDER, "templatetags", "management", "demo"}
MOST_AT_ROOT, MOST_IN_A_FEATURE = 9, 10

#: What stood for many things, and the word that says which.
REPLACED = {
    "told": "the noun: data, message, submitted",
    "said": "the noun: message, updates",
    "each": "what it is: meeting, seat",
    "found": "rows, or what they are",
    "whose": "owner",
    "came": "arrived_at, or the noun",
    "asked": "requested, params",
    "shown": "visible, display",
    "wanted": "requested",
    "the_two": "PRINCIPAL_ROLES",
    "for_the_two": "for_principals",
    "is_for_the_two": "is_for_principals",
    "is_pair": "is_principal",
    "already": "already_done",
    "made_once": "create_once",
    "team_for": "requested_team",
    "put_together": "save_merged",
    "kept": "saved, stored",
    "allow": "require",
    "settles": "merge",
    "chosen": "selected, resolve",
    "told_basis": "submitted_base",
    "again": "for_row",
    "maker": "notice_type",
    "owe": "enqueue",
    "owed": "due, pending",
    "parcel": "bundle",
    "letter": "message",
    "stir": "bump_revision",
    "learn": "record_change",
    "explain": "record_reason",
    "let_pass": "mark_excused",
    "miss": "mark_missed",
    "hand_in": "submit_preparation",
    "sheet": "editable_update",
    "place": "subject, position",
    "vow": "commitment_row",
    "writing": "update_field",
    "face": "timer_display",
    "scene": "context",
    "shelf": "nothing: no cache in the process",
    "seen": "snapshot",
    "take_up": "restart_team",
    "thaw": "load_record",
    "comings": "sign_in_log",
    "holding": "row_counts",
    "founding": "lifecycle",
    "joining": "invitation_links",
    "told_at": "changed_at, sent_at",
    "tell_changes": "send_changes",
    "guess_told": "describe_guess",
    "not_told": "unreminded",
    "for_those_told": "FOR_PRINCIPALS_AND_ADMINS",
    "came_from": "origin, forms_query",
    "chapter": "section",
    "chapters": "sections",
    "set_clock": "set_timer",
    "section_clock": "section_timer",
    "total_clock": "total_timer",
    "handed_in": "submitted",
    "handed_in_at": "submitted_at",
    "handed_in_by": "submitted_by",
    "handed_in_late": "submitted_late",
    "due_at_hand_in": "due_when_submitted",
    "missing_at_hand_in": "missing_when_submitted",
    "ceo_word": "approval",
    "ceo_why": "approval_why",
    "has_invitation": "has_calendar_invite",
    # Classes alone: in small letters these are a field, a verb, a key of stored records.
    "NotNow": "TransitionNotAllowed",
    "Stale": "VersionConflict",
    "Changed": "VersionConflict",
    "GoalClash": "VersionConflict",
    "Refused": "…Error, …Rejected, …Violation",
    "Post": "MailConnection",
    "Words": "Update",
    "Word": "Approval",
    "Invitation": "CalendarInvite for an entry in a calendar, Invite for joining the company",
    "Display": "EntryDigests, TimerDisplay",
    "FoldedField": "SearchKeyField",
}


MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in ALL
}


def folder_of(module: str) -> str:
    """The folder of a module within its app: "alignment.rules.money" → "rules"; empty at the root."""
    parts = module.split(".")
    return parts[1] if len(parts) > 2 or (len(parts) == 2 and (ROOT / Path(*parts)).is_dir()) else ""


def place_in_order(folder: str) -> int:
    return ORDER.index(folder if folder in ORDER else "feature")


def imports_of(module: str) -> Iterator[str]:
    """The modules of the same app that a module imports."""
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else node.module for name in names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (
            name for name in names if name in MODULES and name.partition(".")[0] == module.partition(".")[0]
        )


def test_imports_go_down_the_list_of_folders() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module in MODULES
        for imported in imports_of(module)
        if (lower := folder_of(module)) and (higher := folder_of(imported))
        if not {lower, higher} & {"templatetags", "management", "demo"}
        if place_in_order(higher) > place_in_order(lower)
    ]
    assert not wrong


def test_nothing_imports_template_tags_commands_or_the_demo() -> None:
    outer = {"templatetags", "management", "demo"}
    wrong = [
        f"{module} imports {imported}"
        for module in MODULES
        for imported in imports_of(module)
        if folder_of(imported) in outer and folder_of(module) not in outer
    ]
    assert not wrong


def test_no_folders_import_each_other_in_a_circle() -> None:
    needs: dict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        here = f"{module.partition('.')[0]}.{folder_of(module)}"
        needs[here] |= {f"{name.partition('.')[0]}.{folder_of(name)}" for name in imports_of(module)} - {here}
    needs = {folder: others for folder, others in needs.items() if not folder.endswith(".")}
    while leaves := {folder for folder, others in needs.items() if not others & needs.keys()}:
        needs = {folder: others for folder, others in needs.items() if folder not in leaves}
    assert not needs


@pytest.mark.parametrize("app", ROOMS)
def test_a_root_and_a_feature_can_be_overlooked(app: str) -> None:
    assert len(list((ROOT / app).glob("*.py"))) <= MOST_AT_ROOT
    features = [
        path for path in (ROOT / app).iterdir() if path.is_dir() and path.name not in {*LAYERS, "migrations"}
    ]
    sizes = {
        path.name: len([file for file in path.glob("*.py") if file.stem != "__init__"]) for path in features
    }
    assert not {name: size for name, size in sizes.items() if size > MOST_IN_A_FEATURE}


def names_in(file: Path) -> Iterator[tuple[int, str]]:
    """Every name a module gives: to functions, classes, arguments and variables."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def replaced(name: str) -> set[str]:
    """The replaced words that a name is, however it is written."""
    return {name.strip("_"), name.strip("_").lower()} & REPLACED.keys()


def hits_of(files: Iterable[Path], names: Callable[[Path], Iterable[tuple[int, str]]]) -> str:
    """Where files give names that are replaced, a line each."""
    return "\n".join(
        f"{file.relative_to(ROOT)}:{line} {name}: take {REPLACED[word]}"
        for file in files
        for line, name in names(file)
        for word in replaced(name)
    )


def test_words_that_stand_for_anything_do_not_come_back() -> None:
    assert not hits_of(ALL, names_in)


#: {% for meeting, day in … %} · {% with row=line.row %}, {% include … with row=line %} · … as name %} · {%
#: block name %}
GIVEN_IN_TEMPLATES = re.compile(
    r"{%\s*for\s+(?P<loop>[\w\s,]+?)\s+in\s"
    r"|{%\s*(?:with|include)\b(?P<pairs>[^%]*)%}"
    r"|\bas\s+(?P<result>\w+)\s*%}"
    r"|{%\s*block\s+(?P<block>\w+)\s*%}"
)


def names_in_template(file: Path) -> Iterator[tuple[int, str]]:
    """Every name a template gives: to loop variables, values of `with`, results of tags and blocks."""
    text = file.read_text()
    for tag in GIVEN_IN_TEMPLATES.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        names = re.findall(r"\w+", tag["loop"] or tag["result"] or tag["block"] or "")
        names += re.findall(r"(\w+)=", tag["pairs"] or "")
        yield from ((line, name) for name in names)


def test_nor_in_templates() -> None:
    assert not hits_of((file for file in TEMPLATES if file.suffix in {".html", ".txt"}), names_in_template)


def context_keys(file: Path) -> Iterator[tuple[int, str]]:
    """Every key of a dict that a module writes down."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Dict):
            keys = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            keys = [node.slice]
        else:
            continue
        yield from (
            (key.lineno, key.value)
            for key in keys
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        )


def test_nor_in_what_a_template_is_given() -> None:
    assert not hits_of((file for file in ALL if {"views", "pages", "mails"} & set(file.parts)), context_keys)


def addresses(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    """The name and the path of each of our own addresses."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry)
        elif entry.callback.__module__.partition(".")[0] in ROOMS:
            yield entry.name or "", str(entry.pattern)


def endings(name: str) -> set[str]:
    """ "setup_team_take_up" → itself, "team_take_up", "take_up", "up"."""
    parts = re.split(r"[-_]", name)
    return {"_".join(parts[start:]) for start in range(len(parts))}


def test_nor_in_addresses() -> None:
    names = {(name, part) for name, path in addresses(get_resolver()) for part in (name, *path.split("/"))}
    assert len(names) > 100
    hits = {
        f"{name} ({part}): take {REPLACED[word]}"
        for name, part in names
        for word in endings(part) & REPLACED.keys()
    }
    assert not hits


def test_a_name_is_found_wherever_it_is_given(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        "class Told: ...\ndef said(each):\n    found = 1\n    for whose in (): ...\n    return found\n"
    )
    assert [name for _, name in names_in(file)] == ["Told", "said", "each", "found", "whose"]
    file.write_text('context = {"kept": 1}\ncontext["owed"] = 2\n')
    assert [name for _, name in context_keys(file)] == ["kept", "owed"]
    file.write_text(
        "{% for told, said in rows %}\n{% with each=row %}{% include 'x.html' with\n  whose=row %}"
        "{% url 'x' as found %}{% block came %}{% endblock %}"
    )
    assert [name for _, name in names_in_template(file)] == ["told", "said", "each", "whose", "found", "came"]
    assert endings("setup_team_take-up") & REPLACED.keys() == {"take_up"}

"""Markup is written in templates, and addresses are made from their names."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
APPS = ("alignment", "deals", "meetings")
TEMPLATES = sorted(file for file in (ROOT / "templates").rglob("*.*") if file.suffix in {".html", ".txt"})
ADDRESS = re.compile(r"""\s(?:href|src|action|formaction|hx-(?:get|post|put|patch|delete))=(["'])([^"']*)""")
INCLUDE = re.compile(r"\{%\s*include .*?%\}", re.DOTALL)
MADE = re.compile(r"\{\{|\{%|\?|#|mailto:|$")
"""How an address may begin: a variable, a tag, a query of the page itself, a place on it, nothing."""
MARKUP = re.compile(r"\b(mark_safe|format_html|format_html_join|SafeString|SafeText)\b")


def handwritten(text: str) -> list[str]:
    return [address for _, address in ADDRESS.findall(INCLUDE.sub("", text)) if not MADE.match(address)]


def test_no_template_writes_an_address_by_hand() -> None:
    found = {str(file.relative_to(ROOT)): handwritten(file.read_text()) for file in TEMPLATES}
    assert not {name: addresses for name, addresses in found.items() if addresses}


def test_a_handwritten_address_is_found() -> None:
    text = (
        """<a href="/deals/{{ deal.pk }}/"> <form action='../close/'> """
        """<button hx-post="/x/"> <a href="{% url 'a:b' %}">"""
    )
    assert handwritten(text) == ["/deals/{{ deal.pk }}/", "../close/", "/x/"]


def test_template_lines_can_be_read_side_by_side() -> None:
    found = {
        f"{file.relative_to(ROOT)}:{number}"
        for file in TEMPLATES
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if len(line) > 120
    }
    assert not found


def sources() -> Iterator[Path]:
    return (file for app in APPS for file in sorted((ROOT / app).rglob("*.py")))


def test_no_markup_is_made_in_python() -> None:
    found = {str(file.relative_to(ROOT)) for file in sources() if MARKUP.search(file.read_text())}
    assert not found

"""The text of a mail, from what its template rendered: blanks and line
breaks of the template mean nothing."""

from __future__ import annotations

import re

LINE, PARAGRAPH = "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}"
"""What `{% line %}` and `{% paragraph %}` render as."""
_BLANKS = re.compile(r"[ \t\r\n]+")
_PARAGRAPHS = re.compile(r"(?:\r?\n[ \t]*){2,}")


def plain_text(rendered: str) -> str:
    """Lines and paragraphs begin where the template says so and nowhere
    else; those without a word are left out.

    So a template may break its own lines anywhere, and a part that is not shown leaves no gap.
    """
    paragraphs = (_lines(paragraph) for paragraph in _BLANKS.sub(" ", rendered).split(PARAGRAPH))
    return "\n\n".join(filter(None, paragraphs))


def _lines(paragraph: str) -> str:
    return "\n".join(filter(None, (line.strip(" ") for line in paragraph.split(LINE))))


def keep_lines(text: str) -> str:
    """A person's own text, or one that is folded already, with the lines and paragraphs it has."""
    return _PARAGRAPHS.sub(PARAGRAPH, text.strip()).replace("\n", LINE)

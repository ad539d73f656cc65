"""Templates without the indentation that is there for their reader: a third of a page would be blanks."""

from __future__ import annotations

import re

from django.template.base import Origin
from django.template.loaders import filesystem

_LINE_BREAK = re.compile(r"\s*\n\s*")
_LINE_OF_LOGIC = re.compile(
    r"^((?:{% (?:if|elif|else|endif|for|empty|endfor|with|endwith|load)\b[^%]*%}|{#.*?#})+)\n", re.MULTILINE
)
"""Of tags alone that show nothing themselves."""


class Loader(filesystem.Loader):
    """Reads from the `DIRS` of the settings; in HTML each line break stands for one blank, wherever it stands,
    and a line that only steers what is shown leaves none.

    Only what a template says itself is shortened, never a value put into it, such as the text of a field.
    """

    def get_contents(self, origin: Origin) -> str:
        contents: str = super().get_contents(origin)
        if not str(origin.name).endswith(".html"):
            return contents
        return _LINE_OF_LOGIC.sub(r"\1", _LINE_BREAK.sub("\n", contents))

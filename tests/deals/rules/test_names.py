"""When part of a name is enough to find it."""

import pytest

from deals.rules.names import has_word


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("Tessaro deck automation", "tessaro", True),
        ("New Tessaro deck", "Tess", True),
        ("Café Müller", "cafe mu", True),
        ("Contessaro", "tessaro", False),
        ("Tessaro", "", False),
        ("Tessaro", "Tessaro Foods", False),
    ],
)
def test_a_word_of_the_name_begins_so(name: str, typed: str, found: bool) -> None:
    assert has_word(name, typed) is found

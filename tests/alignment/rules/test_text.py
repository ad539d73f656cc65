"""What counts as text, and names."""

import pytest

from alignment.rules.text import first_name


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Joe Keller", "Joe"),
        ("Keller, Joe", "Joe"),
        ("Keller, Joe Martin", "Joe"),
        ("Keller,Joe", "Joe"),
        ("Keller,", "Keller"),
        (",", ""),
        ("", ""),
        ("Joe", "Joe"),
        (
            "Former\N{NO-BREAK SPACE}member\N{NO-BREAK SPACE}3",
            "Former\N{NO-BREAK SPACE}member\N{NO-BREAK SPACE}3",
        ),
    ],
)
def test_the_given_name_is_found_in_either_order(name: str, first: str) -> None:
    assert first_name(name) == first

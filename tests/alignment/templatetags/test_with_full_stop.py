import pytest

from alignment.templatetags.formatting import with_full_stop


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("We leave small accounts to partners", "We leave small accounts to partners."),
        ("We leave small accounts to partners.", "We leave small accounts to partners."),
        ("Who asks?", "Who asks?"),
        ("Up to 60 days…", "Up to 60 days…"),
    ],
)
def test_a_sentence_ends_and_never_twice(typed: str, read: str) -> None:
    assert with_full_stop(typed) == read

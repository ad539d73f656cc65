"""The text of a mail is laid out by its marks alone, wherever its template breaks its own lines."""

import pytest
from django.template import Context, Template

from alignment.outbox.plain_text import plain_text


def rendered(source: str, **context: object) -> str:
    return plain_text(Template("{% load mail %}" + source).render(Context(context)))


def test_breaks_and_indentation_of_the_template_are_one_blank() -> None:
    assert (
        rendered("The meeting\n    {% if late %}was{% endif %}\n\n\n  missed.", late=True)
        == "The meeting was missed."
    )


def test_lines_and_paragraphs_begin_where_the_template_says_so() -> None:
    source = (
        "DUE {% for each in things %}\n  {% line %}- {{ each }}\n{% endfor %}\n"
        "{% paragraph %}\n  Mark what is done."
    )
    assert rendered(source, things=["one", "two"]) == "DUE\n- one\n- two\n\nMark what is done."


def test_a_part_that_is_not_shown_leaves_no_gap() -> None:
    source = "One.{% paragraph %}{% if extra %}Extra.{% endif %}{% paragraph %}{% line %}{% line %}Two."
    assert rendered(source) == "One.\n\nTwo."


@pytest.mark.parametrize("text", ["one\ntwo", "one\n\ntwo\nthree", "one\r\n\r\n\r\ntwo"])
def test_what_a_person_wrote_keeps_its_lines(text: str) -> None:
    shown = rendered("Joe: {{ text|keep_lines }}{% paragraph %}End", text=text)
    assert (
        shown
        == "Joe: " + "\n\n".join(text.replace("\r", "").replace("\n\n\n", "\n\n").split("\n\n")) + "\n\nEnd"
    )


def test_a_blank_that_keeps_a_number_and_its_sign_together_stays() -> None:
    assert rendered("32\N{NO-BREAK SPACE}%") == "32\N{NO-BREAK SPACE}%"

import pytest

from alignment.templatetags.formatting import as_typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("One\nTwo", "One<br>Two"),
        ("North\t120\nSouth\t80", "North\t120<br>South\t80"),
        (
            "See https://example.com/a?b=1&c=2.",
            'See <a href="https://example.com/a?b=1&amp;c=2" rel="nofollow">',
        ),
        ("<b>bold</b> & <script>alert(1)</script>", "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;alert(1)"),
        ("javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x"),
        ('https://x.test/"onmouseover="alert(1)', "&quot;onmouseover=&quot;alert(1)"),
        ("**no** _markup_ # at all", "**no** _markup_ # at all"),
        ("", ""),
    ],
)
def test_a_text_is_shown_as_typed(typed: str, shown: str) -> None:
    html = as_typed(typed)
    assert shown in html
    assert 'onmouseover="' not in html and "<script" not in html

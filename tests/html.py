"""Pages as tests compare them: what can be seen, not how a template was laid out."""

import re

from django.http import HttpResponse

UNREAD = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
INLINE = re.compile(r"</?(?:a|b|code|em|i|kbd|mark|small|span|strong|time)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
STRAY_BLANK = re.compile(r".{0,30}\S [,.;:)](?!\w).{0,10}")


def flat(page: HttpResponse | str) -> str:
    """The page with each run of blanks as one, and none beside a tag or at the edges of one."""
    html = page if isinstance(page, str) else page.content.decode()
    return re.sub(r" ?(<[^>]*?) ?(>) ?", r"\1\2", " ".join(html.split()))


def visible_lines(html: str) -> list[str]:
    """What is read on the page: a line for each piece of text between two block elements."""
    text = INLINE.sub("", " ".join(UNREAD.sub("", html).split()))
    return [line for piece in TAG.split(text) if (line := re.sub(" +", " ", piece).strip())]


def stray_blanks(lines: list[str]) -> list[str]:
    """Where a blank stands before a mark that follows its word."""
    return [found for line in lines for found in STRAY_BLANK.findall(line)]

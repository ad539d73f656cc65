"""Chapters written once for one agenda and one reader, and given again until either is another."""

from __future__ import annotations

import re
from uuid import uuid4

from django import template
from django.middleware.csrf import get_token
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.utils import timezone
from django.utils.safestring import SafeString

from meetings.agenda.chapters import Agenda
from meetings.agenda.remembered import Shelf

register = template.Library()

#: What differs each time a page is given: the proof that a form is ours, and the mark that makes a double submit one row.
FRESH = re.compile(r'name="(csrfmiddlewaretoken|token)" value="[^"]*"')
Written = tuple[Agenda, list[str]]
written: Shelf[Written] = Shelf()


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept "name" %}…{% endkept %}` around what depends on `agenda`, `m`, `can` and the reader alone."""
    name = token.split_contents()[1]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(name, nodes)


class KeptNode(Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        request, agenda = context["request"], context["agenda"]
        zone = str(timezone.get_current_timezone())
        # The agenda is kept with what was written from it, so that no other one can have its id.
        key = (self.name, id(agenda), request.path, request.user.pk, zone, context["m"], context.get("can"))
        _, pieces = written.get(key, lambda: (agenda, FRESH.split(self.nodelist.render(context))))
        csrf, whole = get_token(request), [pieces[0]]
        for kind, text in zip(pieces[1::2], pieces[2::2], strict=True):
            whole += [f'name="{kind}" value="{csrf if kind != "token" else uuid4()}"', text]
        return SafeString("".join(whole))

"""A site with one page that only saves words, to prove what the browser does whatever the server answers."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import Context, Template
from django.urls import path
from django.utils import timezone

from alignment.forms.edit_conflicts import PARAGRAPH, Conflict, FieldConflict
from alignment.urls import urlpatterns as site

PAGE = Template("""{% extends "base.html" %}{% block header %}<h1>Words</h1>{% endblock %}
{% block main %}<form data-autosave method="post" action="/words/save/" autocomplete="off">{% csrf_token %}
<input type="hidden" name="version" value="{{ words.version }}">
<div class="field"><label for="w">Words</label><p class="hint" id="w_helptext">Yours.</p>
<textarea id="w" name="words" aria-describedby="w_helptext">{{ words.text }}</textarea></div>
{% include "components/save.html" %}</form>{% endblock %}""")
Sent = namedtuple("Sent", "version text")


class Words:
    """What is stored, what came in, and how the server shall behave."""

    def __init__(self) -> None:
        self.version, self.text, self.answer = 1, "Start", 204
        self.log: list[Sent] = []

    def changed_by_another(self, text: str) -> None:
        self.version, self.text = self.version + 1, text

    def save(self, sent: Sent) -> HttpResponse:
        self.log.append(sent)
        if self.answer != 204:
            return HttpResponse(status=self.answer)
        if sent.text == "bad":
            return HttpResponse('<p data-error-for="words">Say more.</p>', status=422)
        if sent.version != self.version:
            return conflict(self, sent.text)
        self.version, self.text = self.version + 1, sent.text
        return HttpResponse(status=204, headers={"X-Version": str(self.version), "X-Saved-At": "08:41"})


words = Words()


def conflict(words: Words, mine: str) -> HttpResponse:
    field = FieldConflict("words", "Words", mine, words.text, mine, words.text, separator=PARAGRAPH)
    both = Conflict(words.version, "Tom Marsh", timezone.now(), (field,))
    return render(None, "components/conflict.html", {"conflict": both}, status=409)  # type: ignore[arg-type]


def page(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {"request": request, "user": request.user, "words": words}
    return HttpResponse(PAGE.render(Context(context | {"csrf_token": get_token(request)})))


def save(request: HttpRequest) -> HttpResponse:
    return words.save(Sent(int(request.POST["version"]), request.POST["words"].replace("\r\n", "\n")))


urlpatterns = [path("words/", page), path("words/save/", save), *site]

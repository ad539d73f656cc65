"""Somebody at the pages of a real web process."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.test import Client

from alignment.models import User

CSRF = "a" * 32


@dataclass(frozen=True)
class Answer:
    """`status` 0: the connection broke, or there was none."""

    status: int
    text: str
    seconds: float

    @property
    def saved(self) -> bool:
        return self.status in {204, 302}

    @property
    def says_so_plainly(self) -> bool:
        """Not available just now, in a sentence on a page."""
        return self.status == 503 and "<h1>" in self.text and "Traceback" not in self.text


@dataclass(frozen=True)
class Visitor:
    """Opens a connection for each request."""

    port: int
    session: str = ""

    def signed_in(self, user: User) -> Visitor:
        client = Client()
        client.force_login(user)
        return replace(self, session=client.cookies["sessionid"].value)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, "", {})

    def post(self, path: str, *, autosave: bool = False, **fields: object) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        told = kind | {"X-Autosave": "1"} if autosave else kind
        return self._ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": CSRF}), told)

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        cookies = f"sessionid={self.session}; csrftoken={CSRF}"
        began, line = time.perf_counter(), http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(method, path, body, headers | {"Cookie": cookies, "Connection": "close"})
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, repr(error), time.perf_counter() - began)
        finally:
            line.close()
        return Answer(answer.status, text, time.perf_counter() - began)

    def is_answered(self) -> bool:
        return self.get("/healthz").status == 200

"""What this process made lately: agendas, which never change, and the chapters written from them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.conf import settings

from meetings.agenda.chapters import Agenda

Made = TypeVar("Made")


class Shelf(Generic[Made]):
    """Keeps what was asked for last; whatever else it depends on is in its key."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, Made] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        made = make()
        with self.lock:
            self.kept[key] = made
            while len(self.kept) > settings.AGENDAS_REMEMBERED:
                self.kept.popitem(last=False)
        return made


agendas: Shelf[Agenda] = Shelf()

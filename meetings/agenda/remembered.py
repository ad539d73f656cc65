"""Agendas this process made lately. They are values that never change, so giving the same one twice is safe."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.conf import settings

from meetings.agenda.values import Agenda


class Shelf:
    """Keeps the agendas asked for last; what else they depend on is in their key."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, Agenda] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Agenda]) -> Agenda:
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


shelf = Shelf()

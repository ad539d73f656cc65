"""The view model of a meeting: live until the meeting is closed, then loaded from its record."""

from meetings.agenda.agenda import Agenda
from meetings.agenda.build import build

__all__ = ["Agenda", "build"]

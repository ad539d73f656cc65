"""The one view model of a meeting: live until the meeting is closed, then read from its frozen record."""

from meetings.agenda.build import build
from meetings.agenda.chapters import Agenda

__all__ = ["Agenda", "build"]

"""The first page of everybody, by the seats they hold."""

from meetings.home.build import Home, home

__all__ = ["Home", "home"]

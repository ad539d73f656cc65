"""The first page of everybody, by the seats they hold."""

from meetings.home.build import home
from meetings.home.values import Home

__all__ = ["Home", "home"]

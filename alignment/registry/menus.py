"""The menus of the site.
Each app registers its pages in its registry; a menu shows those a person may open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alignment.models import User


def everybody(user: User) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPage:
    """A page in a menu. `position` sorts the pages of all apps, lowest first.

    `is_near`: on a phone it is in the bar at the bottom, which has room for three;
    all others are under More.
    """

    label: str
    url_name: str
    position: int
    is_for: Callable[[User], bool] = everybody
    is_near: bool = False


class Menu:
    """Pages by their URL name, so that registering one twice lists it once."""

    def __init__(self) -> None:
        self._pages: dict[str, MenuPage] = {}

    def register(self, *pages: MenuPage) -> None:
        self._pages |= {page.url_name: page for page in pages}

    def pages(self) -> list[MenuPage]:
        return sorted(self._pages.values(), key=lambda page: page.position)

    def pages_for(self, user: User) -> list[MenuPage]:
        return [page for page in self.pages() if page.is_for(user)]


MAIN = Menu()
"""The main navigation; its addresses take no argument."""
SETUP = Menu()
"""The pages of a company's setup; their addresses take the company's slug."""
TEAM = Menu()
"""The pages of a team's figures; their addresses take the team's slug."""


def has_seat(user: User) -> bool:
    """People with a seat read what their team writes; an admin without a seat does not."""
    return user.seated


def reads_overview(user: User) -> bool:
    return user.reads_overview


def takes_part(user: User) -> bool:
    """Everybody but who reads an overview and nothing else."""
    return user.seated or user.administers or not user.reads_overview


def is_admin(user: User) -> bool:
    return user.administers

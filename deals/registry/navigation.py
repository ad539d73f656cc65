"""Deals and risks in the main menu, goals and revenue in the setup."""

from alignment.models import User
from alignment.registry.menus import MAIN, SETUP, TEAM, MenuPage, has_seat


def can_import(user: User) -> bool:
    """Admins and the leader's side of a team (deals.import_runs.scopes)."""
    return user.administers or user.plans


MAIN.register(
    MenuPage(label="Deals", url_name="deals:list", position=30, is_for=has_seat, is_near=True),
    MenuPage(label="Imports", url_name="deals:imports", position=35, is_for=can_import),
    MenuPage(label="Risks", url_name="deals:risks", position=40, is_for=has_seat),
)
SETUP.register(
    MenuPage(label="Goals", url_name="deals:goals", position=60),
    MenuPage(label="Revenue", url_name="deals:setup_revenue", position=70),
    MenuPage(label="Reps", url_name="deals:setup_reps", position=75),
)
TEAM.register(
    MenuPage(label="Committed", url_name="deals:team_committed", position=20),
    MenuPage(label="Pipeline", url_name="deals:pipeline", position=40),
    MenuPage(label="Wins and losses", url_name="deals:wins", position=50),
    MenuPage(label="Mix", url_name="deals:mix", position=60),
    MenuPage(label="Key clients", url_name="deals:clients", position=90),
)

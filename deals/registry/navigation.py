"""Deals and risks in the main menu, goals and revenue in the setup."""

from alignment.registry.menus import MAIN, SETUP, MenuPage, has_seat

MAIN.register(
    MenuPage(label="Deals", url_name="deals:list", position=30, is_for=has_seat, is_near=True),
    MenuPage(label="Risks", url_name="deals:risks", position=40, is_for=has_seat),
)
SETUP.register(
    MenuPage(label="Goals", url_name="deals:goals", position=60),
    MenuPage(label="Revenue", url_name="deals:setup_revenue", position=70),
)

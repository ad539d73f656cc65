"""The setup pages that every company has."""

from alignment.registry.menus import SETUP, MenuPage

SETUP.register(
    MenuPage(label="Company", url_name="alignment:company", position=20),
    MenuPage(label="People", url_name="alignment:people", position=30),
    MenuPage(label="Sign-in", url_name="alignment:signin_policy", position=40),
    MenuPage(label="Audit log", url_name="alignment:audit", position=80),
    MenuPage(label="Data", url_name="alignment:data", position=90),
)

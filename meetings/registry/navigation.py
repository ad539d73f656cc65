"""The pages of this app in the main menu and in the menu of the setup."""

from alignment.registry.menus import MAIN, SETUP, MenuPage, has_seat, is_admin

MAIN.register(
    MenuPage(label="Today", url_name="meetings:home", position=10, is_near=True),
    MenuPage(label="Meetings", url_name="meetings:list", position=20, is_near=True),
    MenuPage(label="Initiatives", url_name="meetings:initiatives", position=50, is_for=has_seat),
    MenuPage(label="Issues", url_name="meetings:issues", position=60, is_for=has_seat),
    MenuPage(
        label="Commitments", url_name="meetings:commitments", position=70, is_for=has_seat, is_near=True
    ),
    MenuPage(label="Setup", url_name="meetings:setup_choose", position=80, is_for=is_admin),
)
SETUP.register(
    MenuPage(label="Overview", url_name="meetings:setup", position=10),
    MenuPage(label="Teams", url_name="meetings:setup_teams", position=50),
)

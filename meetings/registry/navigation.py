"""The pages of this app in the main menu, in the menu of the setup and in that of a team's figures."""

from alignment.registry.menus import MAIN, SETUP, TEAM, MenuPage, has_seat, is_admin

MAIN.register(
    MenuPage(label="Today", url_name="meetings:home", position=10, is_near=True),
    MenuPage(label="Meetings", url_name="meetings:list", position=20, is_near=True),
    MenuPage(label="Initiatives", url_name="meetings:initiatives", position=50, is_for=has_seat),
    MenuPage(label="Issues", url_name="meetings:issues", position=60, is_for=has_seat),
    MenuPage(label="Commitments", url_name="meetings:commitments", position=70, is_for=has_seat),
    MenuPage(label="Setup", url_name="meetings:setup_choose", position=80, is_for=is_admin),
)
SETUP.register(
    MenuPage(label="Overview", url_name="meetings:setup", position=10),
    MenuPage(label="Teams", url_name="meetings:setup_teams", position=50),
)
TEAM.register(
    MenuPage(label="Agreement", url_name="meetings:agreement", position=5),
    MenuPage(label="Quarter", url_name="meetings:quarter", position=7),
    MenuPage(label="Forecast", url_name="meetings:forecast", position=10),
    MenuPage(label="Changes", url_name="meetings:changes", position=30),
    MenuPage(label="Measures", url_name="meetings:measures", position=70),
    MenuPage(label="Capacity", url_name="meetings:capacity", position=80),
)

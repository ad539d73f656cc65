"""The setup pages of goals and revenue."""

from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from deals.views import goals, goals_bulk, revenue_import, setup_revenue

urlpatterns: list[URLPattern] = [
    path("setup/<slug:company>/goals/", goals.goals, name="goals"),
    path("setup/<slug:company>/goals/paste/", goals_bulk.paste, name="goals_paste"),
    path("setup/<slug:company>/goals/spread/", goals_bulk.spread, name="goals_spread"),
    path("setup/<slug:company>/goals/copy/", goals_bulk.grow, name="goals_copy"),
    path("setup/<slug:company>/goals/apply/", goals_bulk.apply, name="goals_apply"),
    path("setup/<slug:company>/goals/of/<slug:slug>/", goals.history, name="goals_history"),
    path("setup/<slug:company>/goals/export/", goals.export_year, name="goals_export"),
    path("teams/<slug:slug>/goals/", goals.of_team, name="team_goals"),
    path("setup/<slug:company>/revenue/", setup_revenue.listing, name="setup_revenue"),
    path("setup/<slug:company>/revenue/new/", setup_revenue.new, name="setup_revenue_new"),
    path("setup/<slug:company>/revenue/paste/", revenue_import.setup_paste, name="setup_revenue_paste"),
    path("setup/<slug:company>/revenue/export/", setup_revenue.export, name="setup_revenue_export"),
    path(
        "setup/<slug:company>/revenue/<id:pk>/correct/", setup_revenue.correct, name="setup_revenue_correct"
    ),
]

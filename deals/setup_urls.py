"""The setup pages of goals and revenue."""

from django.urls import URLPattern, path

from deals.views import goals, goals_bulk

urlpatterns: list[URLPattern] = [
    path("setup/<slug:company>/goals/", goals.goals, name="goals"),
    path("setup/<slug:company>/goals/paste/", goals_bulk.paste, name="goals_paste"),
    path("setup/<slug:company>/goals/spread/", goals_bulk.spread, name="goals_spread"),
    path("setup/<slug:company>/goals/copy/", goals_bulk.grow, name="goals_copy"),
    path("setup/<slug:company>/goals/apply/", goals_bulk.apply, name="goals_apply"),
    path("setup/<slug:company>/goals/of/<slug:slug>/", goals.history, name="goals_history"),
    path("setup/<slug:company>/goals/export/", goals.take_along, name="goals_export"),
]

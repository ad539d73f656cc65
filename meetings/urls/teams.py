from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from meetings.views import (
    capacity,
    changes,
    forecast,
    handover,
    measures,
    moved_dates,
    setup_seats,
    setup_teams,
)

HERE = "setup/<slug:company>/teams/"
urlpatterns: list[URLPattern] = [
    path("teams/<slug:slug>/first-90-days/", handover.page, name="first_days"),
    path("teams/<slug:slug>/changes/", changes.changes, name="changes"),
    path("teams/<slug:slug>/forecast/", forecast.forecast, name="forecast"),
    path("teams/<slug:slug>/capacity/", capacity.capacity, name="capacity"),
    path("capacity/<id:pk>/promise/", capacity.promise, name="capacity_promise"),
    path("teams/<slug:slug>/moved/", moved_dates.listing, name="moved_dates"),
    path("teams/<slug:slug>/moved/ask/", moved_dates.ask, name="moved_ask"),
    path("l/<id:pk>/why/", moved_dates.answer, name="moved_answer"),
    path("teams/<slug:slug>/measures/", measures.listing, name="measures"),
    path("teams/<slug:slug>/measures/new/", measures.new, name="measure_new"),
    path("measures/<id:pk>/", measures.measure, name="measure"),
    path("measures/<id:pk>/edit/", measures.edit, name="measure_edit"),
    path("measures/<id:pk>/value/", measures.value, name="measure_value"),
    path("measures/<id:pk>/raise/", measures.raise_issue, name="measure_raise"),
    path("measures/<id:pk>/end/", measures.end, name="measure_end"),
    path("l/<id:pk>/measure/", measures.answer, name="measure_answer"),
    path("commitments/<id:pk>/take/", handover.take, name="commitment_take"),
    path(HERE, setup_teams.listing, name="setup_teams"),
    path(f"{HERE}new/", setup_teams.new, name="setup_team_new"),
    path(f"{HERE}new/dates/", setup_teams.dates, name="setup_team_dates"),
    path(f"{HERE}<slug:slug>/", setup_teams.team_page, name="setup_team"),
    path(f"{HERE}<slug:slug>/end/", setup_teams.end, name="setup_team_end"),
    path(f"{HERE}<slug:slug>/restart/", setup_teams.restart, name="setup_team_restart"),
    path(f"{HERE}<slug:slug>/seats/new/", setup_seats.give, name="setup_seat_new"),
    path(f"{HERE}<slug:slug>/seats/<id:pk>/hand-over/", setup_seats.hand_over, name="setup_seat_hand_over"),
    path(f"{HERE}<slug:slug>/seats/<id:pk>/end/", setup_seats.end, name="setup_seat_end"),
    path(f"{HERE}<slug:slug>/planned/<id:pk>/cancel/", setup_seats.cancel, name="setup_planned_cancel"),
]

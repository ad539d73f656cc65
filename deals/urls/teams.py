"""Pages of one team's deals and clients."""

from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from deals.views import client_answer, committed, first_look, key_clients, mix, pipeline, reps, wins

urlpatterns: list[URLPattern] = [
    path("teams/<slug:slug>/first-look/", first_look.first_look, name="first_look"),
    path("teams/<slug:slug>/clients/", key_clients.listing, name="clients"),
    path("teams/<slug:slug>/clients/confirm/", key_clients.confirm, name="clients_confirm"),
    path("teams/<slug:slug>/clients/new/", key_clients.new, name="client_new"),
    path("teams/<slug:slug>/committed/", committed.of_team, name="team_committed"),
    path("teams/<slug:slug>/mix/", mix.mix, name="mix"),
    path("teams/<slug:slug>/mix/propose/", mix.propose_mix, name="mix_propose"),
    path("teams/<slug:slug>/pipeline/", pipeline.pipeline, name="pipeline"),
    path("teams/<slug:slug>/wins/", wins.wins, name="wins"),
    path("clients/<id:pk>/", key_clients.edit, name="client_edit"),
    path("clients/<id:pk>/touch/", key_clients.touch, name="client_touch"),
    path("clients/<id:pk>/end/", key_clients.end, name="client_end"),
    path("l/<id:pk>/client/", client_answer.client_answer, name="client_answer"),
    path("teams/<slug:slug>/reps/", reps.team_reps, name="team_reps"),
    path("teams/<slug:slug>/reps/new/", reps.new, name="rep_new"),
    path("setup/<slug:company>/reps/", reps.setup_reps, name="setup_reps"),
    path("reps/<id:pk>/", reps.edit, name="rep"),
    path("reps/<id:pk>/move/", reps.move, name="rep_move"),
    path("reps/<id:pk>/join/", reps.join, name="rep_join"),
    path("reps/<id:pk>/separate/", reps.separate, name="rep_separate"),
]

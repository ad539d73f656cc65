from django.urls import URLPattern, path

from meetings.views import agreements, home, in_row, silenced_reasons, team

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("read/", home.read, name="read"),
    path("worth-asking/", home.worth_asking, name="worth_asking"),
    path("teams/<slug:slug>/silence/", silenced_reasons.silence_reason, name="silence_reason"),
    path("teams/<slug:slug>/restore/", silenced_reasons.restore_reasons, name="restore_reasons"),
    path("undo/", in_row.undo_act, name="undo"),
    path("agreements/<id:pk>/accept/", agreements.agree, name="agreement_agree"),
    path("meetings/", home.listing, name="list"),
    path("teams/<slug:slug>/", team.team_page, name="team"),
    path("teams/<slug:slug>/history.csv", team.history_file, name="team_history"),
]

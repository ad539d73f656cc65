"""Every address of the meetings room, a list a part."""

from meetings.urls import cadence, calendar, discipline, home, items, prepare, present, review, setup, teams

app_name = "meetings"
urlpatterns = [
    *home.urlpatterns,
    *review.urlpatterns,
    *prepare.urlpatterns,
    *present.urlpatterns,
    *items.urlpatterns,
    *cadence.urlpatterns,
    *calendar.urlpatterns,
    *discipline.urlpatterns,
    *teams.urlpatterns,
    *setup.urlpatterns,
]

"""Every address of the meetings room, a list a part."""

<<<<<<< HEAD
from meetings.urls import cadence, calendar, discipline, home, items, prepare, present, review
=======
from meetings.urls import calendar, discipline, home, items, prepare, present, review, setup, teams
>>>>>>> main

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

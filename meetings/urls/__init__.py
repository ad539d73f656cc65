"""All addresses of the meetings app, one list for each part."""

from meetings.urls import (
    cadence,
    calendar,
    check_in,
    first_meeting,
    heads_up,
    home,
    items,
    misses,
    overview,
    prepare,
    present,
    review,
    setup,
    teams,
)

app_name = "meetings"
urlpatterns = [
    *home.urlpatterns,
    *review.urlpatterns,
    *prepare.urlpatterns,
    *present.urlpatterns,
    *items.urlpatterns,
    *check_in.urlpatterns,
    *first_meeting.urlpatterns,
    *heads_up.urlpatterns,
    *cadence.urlpatterns,
    *calendar.urlpatterns,
    *misses.urlpatterns,
    *teams.urlpatterns,
    *overview.urlpatterns,
    *setup.urlpatterns,
]

from django.urls import URLPattern, path

from meetings.views import first_meeting

HERE = "teams/<slug:slug>/first-meeting/"
urlpatterns: list[URLPattern] = [
    path(HERE, first_meeting.first_meeting, name="first_meeting"),
    path(f"{HERE}open/", first_meeting.open_first_meeting, name="first_meeting_open"),
    path(f"{HERE}take/", first_meeting.take_into_agreement, name="first_meeting_take"),
    path(f"{HERE}end/", first_meeting.end, name="first_meeting_end"),
    path(f"{HERE}not-now/", first_meeting.not_now, name="first_meeting_not_now"),
    path(f"{HERE}plan/", first_meeting.plan, name="first_meeting_plan"),
]

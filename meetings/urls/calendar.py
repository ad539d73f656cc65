from django.urls import URLPattern, path

from meetings.views import calendar

urlpatterns: list[URLPattern] = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/renew/", calendar.renew, name="calendar_renew"),
    path("calendar/stop/", calendar.stop, name="calendar_stop"),
    path("calendar/mail/", calendar.by_mail, name="calendar_mail"),
    path("calendar/<str:token>.ics", calendar.feed, name="feed"),
]

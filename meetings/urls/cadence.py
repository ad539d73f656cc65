from django.urls import URLPattern, path

from meetings.views import absences, attendance_report, cadence

urlpatterns: list[URLPattern] = [
    path("setup/<slug:company>/teams/<slug:slug>/cadence/", cadence.cadence, name="cadence"),
    path("meetings/attendance/", attendance_report.attendance_report, name="attendance_report"),
    path("absences/", absences.listing, name="absences"),
    path("absences/<id:pk>/remove/", absences.remove, name="absence_remove"),
]

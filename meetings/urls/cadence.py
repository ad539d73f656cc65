from django.urls import URLPattern, path

from meetings.views import absences, cadence

urlpatterns: list[URLPattern] = [
    path("setup/<slug:company>/teams/<slug:slug>/cadence/", cadence.cadence, name="cadence"),
    path("absences/", absences.listing, name="absences"),
    path("absences/<id:pk>/remove/", absences.remove, name="absence_remove"),
]

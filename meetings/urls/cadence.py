from django.urls import URLPattern, path

from meetings.views import absences, cadence, keeping

urlpatterns: list[URLPattern] = [
    path("setup/<slug:company>/teams/<slug:slug>/cadence/", cadence.cadence, name="cadence"),
    path("meetings/kept/", keeping.keeping_page, name="kept"),
    path("absences/", absences.listing, name="absences"),
    path("absences/<id:pk>/remove/", absences.remove, name="absence_remove"),
]

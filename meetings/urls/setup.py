from django.urls import URLPattern, path

from meetings.views import setup

urlpatterns: list[URLPattern] = [
    path("setup/", setup.choose, name="setup_choose"),
    path("setup/<slug:company>/", setup.setup, name="setup"),
]

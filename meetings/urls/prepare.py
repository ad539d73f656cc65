from django.urls import URLPattern, path

from meetings.views import words

urlpatterns: list[URLPattern] = [
    path("meetings/<int:pk>/words/", words.words, name="words"),
    path("meetings/<int:pk>/note/", words.note, name="note"),
]

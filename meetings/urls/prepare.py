from django.urls import URLPattern, path

from meetings.views import prepare, words

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/prepare/", prepare.prepare, name="prepare"),
    path("meetings/<id:pk>/hand-in/", prepare.hand_in, name="hand_in"),
    path("meetings/<id:pk>/words/", words.words, name="words"),
    path("meetings/<id:pk>/note/", words.note, name="note"),
    path("issues/raise/", prepare.raise_issue, name="raise"),
    path("commitments/<id:pk>/carry/", prepare.carry, name="commitment_carry"),
]

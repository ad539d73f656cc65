from django.urls import URLPattern, URLResolver, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from alignment.urls import agreements, company, exports, links, people, security
from alignment.views import amounts, outbox, preferences

app_name = "alignment"
urlpatterns: list[URLPattern | URLResolver] = [
    path("amount/", amounts.understood, name="amount"),
    path("day/", amounts.understood_day, name="day"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("outbox/", outbox.listing, name="outbox"),
    path("outbox/<id:pk>/", outbox.notice, name="outbox_notice"),
    path("outbox/<id:pk>/html/", outbox.html, name="outbox_html"),
    path("outbox/<id:pk>/resend/", outbox.resend, name="outbox_resend"),
    *company.urlpatterns,
    *security.urlpatterns,
    *people.urlpatterns,
    *exports.urlpatterns,
    *links.urlpatterns,
    *agreements.urlpatterns,
]

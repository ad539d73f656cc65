from django.urls import URLPattern, URLResolver, path

import alignment.converters  # noqa: F401 - registers <id:…>
from alignment import company_urls, data_urls, people_urls, security_urls
from alignment.views import outbox, preferences

app_name = "alignment"
urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", preferences.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("outbox/", outbox.listing, name="outbox"),
    path("outbox/<id:pk>/", outbox.notice, name="outbox_notice"),
    path("outbox/<id:pk>/html/", outbox.html, name="outbox_html"),
    path("outbox/<id:pk>/again/", outbox.again, name="outbox_again"),
    *company_urls.urlpatterns,
    *security_urls.urlpatterns,
    *people_urls.urlpatterns,
    *data_urls.urlpatterns,
]

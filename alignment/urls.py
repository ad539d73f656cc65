"""Every address of the site; each room keeps its own list."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from alignment.security_urls import before_allauth
from alignment.views.status import healthz, metrics, readyz

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # rate limits hold there too

handler500 = "alignment.views.trouble.failed"
urlpatterns = [
    path("admin/", admin.site.urls),
    *before_allauth,
    path("accounts/", include("allauth.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("alignment.site_urls")),
    path("", include("deals.urls")),
    path("", include("meetings.urls")),
]

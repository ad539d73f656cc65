"""All addresses of the site; each app has its own list."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from alignment.urls.security import before_allauth
from alignment.views.health import healthz, metrics, readyz

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # rate limits hold there too

handler400 = "alignment.views.errors.bad_request"
handler403 = "alignment.views.errors.permission_denied"
handler404 = "alignment.views.errors.page_not_found"
handler500 = "alignment.views.errors.failed"
urlpatterns = [
    path("admin/", admin.site.urls),
    *before_allauth,
    path("accounts/", include("allauth.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("alignment.urls.site")),
    path("", include("deals.urls")),
    path("", include("meetings.urls")),
]

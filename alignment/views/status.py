"""Is it up (healthz), is it fit to work (readyz), and how much is there to do (metrics)? For the operator."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alignment import measures
from alignment.celery import app
from alignment.measures import Owed
from alignment.models import Heartbeat
from alignment.models.people import LATE_AFTER

NOTICE_MAY_WAIT = timedelta(minutes=15)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; nothing else is asked, so that a database outage does not restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    database, broker = database_state(), broker_state()
    sweep, seconds = sweep_state() if database == "ok" else ("unknown", None)
    notices, unsent = notice_state() if database == "ok" else ("unknown", None)
    ready = database == broker == sweep == notices == "ok"
    return JsonResponse(
        {
            "ready": ready,
            "database": database,
            "broker": broker,
            "sweep": sweep,
            "last_sweep_seconds": seconds,
            "notices": notices,
            "oldest_unsent_seconds": unsent,
        },
        status=200 if ready else 503,
    )


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for the bearer of METRICS_TOKEN."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        return HttpResponse(
            "Unauthorized\n", "text/plain", status=401, headers={"WWW-Authenticate": "Bearer"}
        )
    try:
        text = measures.text(timezone.now())
    except DatabaseError:
        return HttpResponse("The database is unreachable.\n", "text/plain", status=503)
    return HttpResponse(text, "text/plain; version=0.0.4; charset=utf-8")


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def broker_state() -> str:
    if settings.EMBEDDED:
        return "ok" if settings.SPOOL_DIR.is_dir() else "unreachable"
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
    except Exception:  # every client library has its own errors
        return "unreachable"
    return "ok"


def sweep_state() -> tuple[str, int | None]:
    """Word and age in seconds of the clock's last round."""
    beat = Heartbeat.objects.filter(name="sweep").first()
    if beat is None:
        return "never", None
    age = timezone.now() - beat.at
    return ("ok" if age <= LATE_AFTER else "late"), int(age.total_seconds())


def notice_state() -> tuple[str, int | None]:
    """Word and age in seconds of the notice that waits longest to be tried, 0 where none waits."""
    oldest = Owed.at(timezone.now()).oldest
    return ("ok" if oldest <= NOTICE_MAY_WAIT else "late"), int(oldest.total_seconds())

"""Is it up (healthz), can it serve pages (readyz), and how much is there to do (metrics)? For the operator."""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alignment.celery import app
from alignment.models import Heartbeat
from alignment.registry import metrics as registered_metrics
from alignment.registry.metrics import OutboxBacklog

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
    """Whether pages can be served, 200 or 503; what else goes wrong is told and does not change the status."""
    database, broker = database_state(), broker_state()
    sweep, seconds, failures = sweep_state() if database == "ok" else ("unknown", None, {})
    notices, unsent = notice_state() if database == "ok" else ("unknown", None)
    ready = database == "ok"
    return JsonResponse(
        {
            "ready": ready,
            "database": database,
            "broker": broker,
            "sweep": sweep,
            "last_sweep_seconds": seconds,
            "sweep_failures": failures,
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
        text = registered_metrics.text(timezone.now())
    except DatabaseError:
        return HttpResponse("The database is unreachable.\n", "text/plain", status=503)
    return HttpResponse(text, "text/plain; version=0.0.4; charset=utf-8")


def database_state() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "unreachable"
    return "ok" if _newest_migrations() <= applied.keys() else "not migrated"


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app, as this version of the product has it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def broker_state() -> str:
    if settings.EMBEDDED:
        return "ok" if settings.SPOOL_DIR.is_dir() else "unreachable"
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
    except Exception:  # every client library has its own errors
        return "unreachable"
    return "ok"


def sweep_state() -> tuple[str, int | None, dict[str, int]]:
    """Word and age in seconds of the last run of the sweep, and how many units failed in it, by step.

    With failures everything else was done, and what failed is tried again every minute.
    """
    beat, now = Heartbeat.of_sweep(), timezone.now()
    if beat is None:
        return "never", None, {}
    return beat.state(now), int((now - beat.at).total_seconds()), beat.failures


def notice_state() -> tuple[str, int | None]:
    """Word and age in seconds of the notice that waits longest to be tried, 0 where none waits."""
    oldest = OutboxBacklog.at(timezone.now()).oldest
    return ("ok" if oldest <= NOTICE_MAY_WAIT else "late"), int(oldest.total_seconds())

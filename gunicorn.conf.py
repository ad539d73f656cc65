"""The web process. One process of eight threads in the embedded default, two to four in production."""

import gc
from typing import Any

from alignment import settings  # read once here, so that a bad setting is refused before anything listens

bind = f"{settings.env.text('BIND', '127.0.0.1')}:{settings.PORT}"
worker_class = "alignment.ops.web_worker.Worker"
workers = settings.env.integer("WEB_PROCESSES", 1 if settings.EMBEDDED else 2, least=1, most=64)
threads = settings.env.integer("WEB_THREADS", 8, least=1, most=64)
control_socket_disable = True
timeout = 60
graceful_timeout = 10
keepalive = 5
loglevel = "warning"
errorlog = "-"
accesslog = None  # alignment.web.middleware.request_id logs requests by route: paths can hold tokens


def post_worker_init(worker: Any) -> None:
    """What is loaded by now lives as long as the process: the garbage collector need not look through it again.

    Once a start, where nobody else says it: the link that makes the first company of an empty installation.
    """
    gc.collect()
    gc.freeze()
    if worker.age == 1 and not settings.EMBEDDED:
        from alignment.company.creation import announce  # models are there only by now

        announce()

"""`manage.py start`: everything the product needs, in one terminal."""

import errno
import fcntl
import os
import socket
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from alignment.celery import publish
from alignment.company import creation
from alignment.ops.celery_file_transport import clear_leftovers
from alignment.ops.environment import Env
from alignment.ops.migrate_with_progress import migrate_with_progress
from alignment.ops.supervisor import Child, Supervisor

HOST = "127.0.0.1"
PYTHON = sys.executable
CELERY = [PYTHON, "-m", "celery", "-q", "-A", "alignment"]
WEB = [PYTHON, "-m", "gunicorn", "alignment.wsgi:application", "-c", "gunicorn.conf.py"]
WORKER = [*CELERY, "worker", "--pool=threads", "--concurrency=4"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat", f"--loglevel={settings.LOG_LEVEL}"]
BEAT = [*CELERY, "beat", "-S", "celery.beat:Scheduler", "--pidfile=", f"--loglevel={settings.LOG_LEVEL}"]
# Shown to whoever runs a demo as root; the production image has a user of its own.
QUIET = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
SIGN_INS = {
    "admin@demo.test": "company admin",
    "ceo@demo.test": "CEO",
    "leader@demo.test": "sales leader of North",
    "leader2@demo.test": "sales leader of South",
    "observer@demo.test": "observer",
    "facilitator@demo.test": "facilitator",
    "cfo@demo.test": "overview",
    "outsider@other.test": "CEO of another company",
}


class Command(BaseCommand):
    help = "Prepare the database and run web, worker and beat until Ctrl-C. Honours PORT, DATA_DIR and DEMO."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--prepare", action="store_true", help="only prepare: migrate, static files, demo company"
        )
        parser.add_argument(
            "--keep-static", action="store_true", help="with --prepare: static files are there already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["prepare"]:
            return self.prepare(keep_static=options["keep_static"])
        with alone_on_data_dir():
            refuse_busy_port(settings.PORT)
            os.chdir(settings.BASE_DIR)
            # In a process of its own, so that this one stays small and holds no connection.
            preparing = Child("preparation", [PYTHON, "manage.py", "start", "--prepare"])
            preparing.start(os.environ)
            if preparing.wait_for():
                raise CommandError("Preparation failed (see above). Nothing was started.")
            if settings.EMBEDDED:
                clear_leftovers(settings.SPOOL_DIR)
            self.run()
        return None

    def prepare(self, *, keep_static: bool) -> None:
        if settings.EMBEDDED:
            keep_to_owner(settings.DATA_DIR)
        migrate_with_progress()
        call_command("createcachetable", verbosity=0)
        if not keep_static:
            self.stdout.write("Collecting static files…")
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.EMBEDDED and Env(os.environ).flag("DEMO", default=True):
            call_command("seed_demo", if_empty=True)

    def run(self) -> None:
        publish("alignment.tasks.sweep")  # what fell due while everything was off need not wait for beat
        children = [Child("web", WEB), Child("worker", WORKER), Child("beat", BEAT)]
        supervisor = Supervisor(children, self.stderr.write, os.environ | QUIET)
        supervisor.run(while_starting=self.announced)
        self.stdout.write("Stopped. Everything is saved.")

    def announced(self) -> bool:
        """Print the address once the site answers there."""
        address = f"http://{HOST}:{settings.PORT}/"
        try:
            urllib.request.urlopen(f"{address}healthz", timeout=1).close()  # noqa: S310  # our own address
        except urllib.error.HTTPError:
            pass  # it answers, even if not to this host name
        except OSError:
            return False
        lines = [
            "",
            f"Alignment is ready at {address}",
            *demo_lines(),
            *first_lines(),
            "Stop it with Ctrl-C.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        return True


def keep_to_owner(folder: Path) -> None:
    """Files of earlier versions, which others could read."""
    for pattern in ("alignment.sqlite3*", "before-reset-*", "mail", "mail/*", "spool", "spool/*"):
        for path in folder.glob(pattern):
            path.chmod(path.stat().st_mode & 0o700)


def demo_lines() -> list[str]:
    there = set(get_user_model().objects.filter(email__in=SIGN_INS).values_list("email", flat=True))
    connection.close()
    lines = [f"  {email:<24} {who}" for email, who in SIGN_INS.items() if email in there]
    return ["Demo sign-ins, password demo-password:", *lines] if settings.EMBEDDED and lines else []


def first_lines() -> list[str]:
    """The link that makes the first company; in production the web process says it (gunicorn.conf.py)."""
    lines = ["", creation.setup_instructions(), ""] if settings.EMBEDDED and creation.is_empty() else []
    connection.close()
    return lines


def refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise CommandError(
                f"Port {port} is in use by another program. Stop that one, or choose another port: "
                f"PORT={port + 1 if port < 65535 else 8000} make run"
            ) from error


def alone_on_data_dir() -> IO[str]:
    """An open, locked file: two instances on one data folder would do everything twice."""
    file = (settings.DATA_DIR / "start.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise CommandError(
            f"Alignment is already running on {settings.DATA_DIR}. Stop it first, or give another folder: "
            "DATA_DIR=/some/folder make run"
        ) from error
    return file

"""Settings of the bench: the embedded default (or the DATABASE_URL given) with the bare pages beside ours."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" + "0123456789abcdef" * 4)
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,testserver")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("EMAIL_URL", "file:")
os.environ.setdefault("LOG_LEVEL", "ERROR")

from alignment.settings import *  # noqa: F403
from alignment.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
TEMPLATES = [TEMPLATES[0] | {"DIRS": [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "bench" / "templates"]}]

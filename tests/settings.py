"""Settings under test: a data folder of their own, quick hashing, plain static files, both databases."""

from tests.run_folder import prepare_environment

prepare_environment()

from alignment.settings import *  # noqa: E402, F403
from alignment.settings import DATA_DIR, DATABASES, EMBEDDED, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if EMBEDDED:
    # A file, not memory: the live server's threads then have connections and transactions of their own.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    # Nobody needs a test's rows after a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"

"""The one settings file. Without DATABASE_URL and REDIS_URL it is the embedded default; with both, production."""

import os
import zoneinfo
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages
from django.core.exceptions import ImproperlyConfigured

from alignment.ops.environment import Env, kept_secret, mail, postgres, sqlite

zoneinfo.reset_tzpath(to=())  # the operating system's zones can be years old; the pinned tzdata is not

env = Env(os.environ)
DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.text("REDIS_URL")
EMBEDDED = not DATABASE_URL and not REDIS_URL
if EMBEDDED:
    os.umask(0o077)  # database and mails lie among somebody's files: for that user alone
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
DEBUG = env.flag("DEBUG", default=False)
PORT = env.integer("PORT", 8000, least=1, most=65535)

if not EMBEDDED and not (DATABASE_URL and REDIS_URL):
    raise ImproperlyConfigured(
        "Set both DATABASE_URL and REDIS_URL for production, or neither for the embedded default."
    )

# Who may reach it, and how
HTTPS = env.flag("HTTPS", default=not EMBEDDED)
if EMBEDDED:
    SECRET_KEY = env.text("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")
    ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
    BASE_URL = env.web_address("BASE_URL", f"http://127.0.0.1:{PORT}")
else:
    SECRET_KEY = env.secret("SECRET_KEY")
    ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
    BASE_URL = env.web_address("BASE_URL", f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}")
    if DEBUG:
        raise ImproperlyConfigured(
            "DEBUG shows secrets to visitors: it cannot be on together with DATABASE_URL."
        )
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0 if EMBEDDED else 1, least=0, most=10)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if HTTPS and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Neighbouring subdomains and browsers' preload lists are the operator's to commit, at the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# What the browser may offer scripts of this site: passkeys, and nothing of the device else
PERMISSIONS_POLICY = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# How much may be sent: a file of 20 MB with what is around it; a grid of 200 teams and 24 months; a pasted table
LARGEST_REQUEST = 25_000_000
LARGEST_REQUESTS = {"/imports/": 51_000_000}
"""Of pages below these addresses: a file of 50 MB with what is around it."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

INSTALLED_APPS = [
    "alignment.apps.AlignmentConfig",
    "deals.apps.DealsConfig",
    "meetings.apps.MeetingsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "csp",
]
MIDDLEWARE = [
    "alignment.web.middleware.request_id",
    "alignment.web.middleware.hardened",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alignment.web.middleware.not_stored",
    "alignment.web.middleware.LoginRequired",
    "alignment.sign_in.mfa.Required",
    "alignment.sign_in.sessions.LastSeen",
    "alignment.web.middleware.ReaderZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "alignment.urls"
WSGI_APPLICATION = "alignment.wsgi.application"
LOADERS = ["alignment.ops.template_loader.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                ("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", LOADERS)])
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

#: How a message looks: the words of the components.
MESSAGE_TAGS = {messages.INFO: "", messages.SUCCESS: "good", messages.WARNING: "warn", messages.ERROR: "bad"}

# Data
DATABASES = {
    "default": sqlite(DATA_DIR / "alignment.sqlite3") if EMBEDDED else postgres("DATABASE_URL", DATABASE_URL)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database everywhere: rate limits are then shared by all processes and outlive a broken Redis.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
MEDIA_ROOT = DATA_DIR / "media"

# People
AUTH_USER_MODEL = "alignment.User"
AUTHENTICATION_BACKENDS = ["alignment.sign_in.adapter.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SETUP_URL = "meetings:setup_choose"  # where the first admin goes on
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_ADAPTER = "alignment.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "alignment.forms.sign_in.SignIn",
    "reauthenticate": "alignment.forms.sign_in.Reauthenticate",
    "change_password": "alignment.forms.sign_in.ChangePassword",
    "set_password": "alignment.forms.sign_in.SetPassword",
    "reset_password": "alignment.forms.sign_in.ResetPassword",
    "reset_password_from_key": "alignment.forms.sign_in.ResetPasswordKey",
}
# Failed attempts: from one address, and on one account from one address (alignment.sign_in.adapter says who
# is let off).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,200/h/ip,5/5m/key",
    "login_failed_anywhere": "30/h/key",
    "reset_password": "10/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "provider": "20/m/ip",
}
MFA_ADAPTER = "alignment.sign_in.mfa.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an account begins with an invitation that came to its address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED and not HTTPS
MFA_FORMS = {
    "add_webauthn": "alignment.forms.mfa.AddPasskey",
    "edit_webauthn": "alignment.forms.mfa.RenamePasskey",
    "login_webauthn": "alignment.forms.mfa.LoginPasskey",
    "authenticate_webauthn": "alignment.forms.mfa.AuthenticatePasskey",
    "reauthenticate_webauthn": "alignment.forms.mfa.ReauthenticatePasskey",
    "authenticate": "alignment.forms.mfa.Authenticate",
    "reauthenticate": "alignment.forms.mfa.Reauthenticate",
    "activate_totp": "alignment.forms.mfa.ActivateApp",
}
MFA_TOTP_ISSUER = "Alignment"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off

# Sign-in through a provider of the company's own, when it is set
OIDC = env.provider("OIDC")
SOCIALACCOUNT_ADAPTER = "alignment.sign_in.oidc.Adapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form could not be redirected to the provider: form-action 'self'
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": OIDC}}

# Words and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: collected once, named by content, compressed, one CSS and one JS file a page
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "alignment.ops.static_storage.BundledStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# Mail
MAIL_DIR = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", f"Alignment <alignment@{ALLOWED_HOSTS[0]}>")
EMAIL_URL = (
    env.text("EMAIL_URL", "file:")
    if EMBEDDED
    else env.required("EMAIL_URL", "production sends mail; write file: to keep mails as files only.")
)
globals().update(mail("EMAIL_URL", EMAIL_URL))

# Worker and beat (the schedule is in alignment/celery.py)
CELERY_BROKER_URL = "spool://localhost/" if EMBEDDED else env.broker("REDIS_URL")
SPOOL_DIR = DATA_DIR / "spool"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "data_folder_in": str(SPOOL_DIR),
        "data_folder_out": str(SPOOL_DIR),
        "control_folder": str(SPOOL_DIR),
        "polling_interval": 0.1,
    }
    if EMBEDDED
    else {
        "socket_timeout": 1,  # seconds a page may wait for a hung Redis
        "socket_connect_timeout": 1,
        "max_retries": 0,
        "visibility_timeout": 600,
    }
)

# Who may read /metrics: the bearer of this. Empty: there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN")

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "alignment.ops.logs.RequestId"},
        "refusals": {"()": "alignment.ops.logs.NoTracebackOfRefusals"},
    },
    "formatters": {
        "plain": {
            "()": "alignment.ops.logs.PlainLines",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s %(task_id)s] %(message)s",
        },
        "json": {"()": "alignment.ops.logs.JsonLines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "refusals"],
            "formatter": "plain" if EMBEDDED else "json",
        }
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # They come with handlers of their own, which know nothing of tokens
        "django.server": {"handlers": [], "propagate": True},
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        # Somebody's terminal: only what needs them
        "celery": {"level": "WARNING" if EMBEDDED else LOG_LEVEL},
        "alignment.requests": {"level": "WARNING" if EMBEDDED else LOG_LEVEL},
    },
}

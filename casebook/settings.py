"""Settings of Casebook: one file, read from the environment by typed helpers that fail loudly.

Nothing needs to be set on a developer's machine. In production set DEBUG=0: a missing or default SECRET_KEY then stops
the start.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

DEVELOPMENT_SECRET = "development-only-secret-never-used-in-production"  # noqa: S105


def env_str(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool) -> bool:
    raw = os.environ.get(name, "").strip().casefold()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on", "oui"}:
        return True
    if raw in {"0", "false", "no", "off", "non"}:
        return False
    raise ImproperlyConfigured(f"{name} : « {raw} » n’est ni oui ni non. Écrivez 1 ou 0.")


def env_int(name: str, default: int) -> int:
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} : « {raw} » n’est pas un nombre entier.") from None


def env_list(name: str, default: list[str]) -> list[str]:
    raw = os.environ.get(name, "").strip()
    return [item.strip() for item in raw.split(",") if item.strip()] if raw else default


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:////absolute/path`, `sqlite:///relative` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        if not path:
            raise ImproperlyConfigured(
                "DATABASE_URL : il manque le chemin du fichier, par exemple sqlite:////srv/base.sqlite3."
            )
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path if path.startswith("/") else str(BASE_DIR / path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
            # a file, as in production: in memory, threads do not wait for each other's locks
            "TEST": {"NAME": f"{gettempdir()}/casebook-tests-{os.getpid()}.sqlite3"},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(
                "DATABASE_URL : il manque le nom de la base, par exemple postgresql://hote/casebook."
            )
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        options["pool"] = env_bool("DATABASE_POOL", False)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL : « {parts.scheme}:// » n’est pas connu. Écrivez sqlite:/// ou postgresql://."
    )


TESTING = "pytest" in sys.modules
DEBUG = env_bool("DEBUG", True) and not TESTING
SECRET_KEY = env_str("SECRET_KEY", DEVELOPMENT_SECRET)
if SECRET_KEY == DEVELOPMENT_SECRET and not DEBUG and not TESTING:
    raise ImproperlyConfigured("SECRET_KEY : en production (DEBUG=0), donnez une clé secrète d’au moins 50 caractères.")

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "casebook",
    "people",
    "projects",
    "django_filters",
    "django_prose_editor",
    "js_asset",
    "reversion",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "casebook.accounts.apps.CasebookAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "casebook.page_memory.PageMemory",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "casebook.lost_session.middleware.TooLargeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "casebook.accounts.sessions.SessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "casebook.lost_session.middleware.LostSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

if not DEBUG and not TESTING:  # runserver and the test server hand out static files themselves
    MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")

ROOT_URLCONF = "casebook.urls"
WSGI_APPLICATION = "casebook.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casebook.context_processors.site",
            ],
            "builtins": ["casebook.templatetags.casebook"],
        },
    },
]

DATABASES = {"default": database(env_str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'casebook.sqlite3'}"))}
if not (TESTING or DATABASES["default"]["OPTIONS"].get("pool")):
    # a thread keeps its connection: opening one costs more than most queries
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
FORMAT_MODULE_PATH = ["casebook.formats"]
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env_str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 3600
# No MEDIA_URL: every stored file is private; views hand out what is published.
MEDIA_ROOT = Path(env_str("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

if TESTING:
    # tests log in hundreds of times: a password that is hard to guess costs half a second each time
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
BEHIND_PROXY = env_bool("BEHIND_PROXY", False)
# One name from one address: a whole town hall goes out by one address.
AXES_ENABLED = not TESTING
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "casebook.accounts.lockout.typed_name"
AXES_CLIENT_IP_CALLABLE = "casebook.accounts.address.client_address"
AXES_LOCKOUT_CALLABLE = "casebook.accounts.lockout.locked_page"
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # read by « qui a fait quoi »
AXES_DISABLE_ACCESS_LOG = True  # logins are in the journal
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
REQUIRE_SECOND_FACTOR = env_bool("REQUIRE_SECOND_FACTOR", not (DEBUG or TESTING))
SECOND_FACTOR_RIGHTS = ["projects.publish_mission", "auth.change_user"]  # who has one of them needs a second factor
SESSION_COOKIE_AGE = 60 * 60 * 12  # from the login, whatever is done
SESSION_IDLE_MINUTES = env_int("SESSION_IDLE_MINUTES", 120)
# Without EMAIL_HOST nothing is sent: links are shown to those who pass them on.
EMAIL_HOST = env_str("EMAIL_HOST", "")
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", True)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env_str("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "casebook@localhost")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long fiche is edited on one page
CSRF_FAILURE_VIEW = "casebook.lost_session.pages.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
if not DEBUG and not TESTING:
    SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = env_bool("SECURE_HSTS_PRELOAD", True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_str("LOG_LEVEL", "WARNING")},
}

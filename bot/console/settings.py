"""Django's settings, all from Dalil's own (bot/settings.py)."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from bot.hours import TIME_ZONE as _MOROCCO
from bot.privacy.logins import LOCKED_FOR as _LOCKED_FOR
from bot.settings import settings

_here = Path(__file__).parent
_dalil = settings()
_address = urlsplit(_dalil.console_url)


def database(url: str) -> dict[str, Any]:
    """Django's description of the database at an address in SQLAlchemy's form.

    Raises:
        ValueError: when it is neither SQLite nor PostgreSQL.
    """
    if url.startswith("sqlite:///"):
        # Like bot/storage/database.py: readers do not wait for writers, and whoever will write says so at once.
        pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; "
        pragmas += "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 0;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:///"), "OPTIONS": options, "CONN_MAX_AGE": 600}
    if not url.startswith("postgres"):
        raise ValueError("DATABASE_URL: the console knows SQLite and PostgreSQL")
    # libpq reads the address itself, sockets and options included (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING).
    dsn = "postgresql://" + url.split("://", 1)[1]
    name = urlsplit(dsn).path.lstrip("/") or "postgres"
    return {"ENGINE": "django.db.backends.postgresql", "NAME": name, "OPTIONS": {"dsn": dsn}, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


SECRET_KEY = hmac.new(_dalil.key(), b"console", hashlib.sha256).hexdigest()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *([_address.hostname] if _address.hostname else [])]
ROOT_URLCONF = "bot.console.urls"
WSGI_APPLICATION = "bot.console.wsgi.application"
DATABASES = {"default": database(_dalil.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "bot.console.accounts",
    "bot.console.conversations",
    "bot.console.review",
    "bot.console.learning",
    "bot.console.desk",
    "bot.console.figures",
    "bot.console.observatory",
    "bot.console.steering",
    "bot.console.chambers",
    "bot.console.apps.ConsoleAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "bot.console.accounts.middleware.end_sessions",
    "bot.console.accounts.middleware.speak_their_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_here / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bot.console.site.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "bot.console.templatetags.console"],
        },
    }
]

# Who may come in.
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
OTP_TOTP_ISSUER = "Dalil"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = _LOCKED_FOR
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "bot.console.accounts.attempts.counted_name"
# With a failure django-axes keeps the form: nothing that was typed into it.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "code", "old_password", "new_password1", "new_password2", "csrfmiddlewaretoken"]
AXES_LOCKOUT_CALLABLE = "bot.console.accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it
AXES_VERBOSE = False

# Sessions end after a time without work, and after a day's work in any case (accounts/middleware.py): Django's own limit begins anew with
# every change of the session.
IDLE_SECONDS = _dalil.console_idle_minutes * 60
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "dalil_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "dalil_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "bot.console.site.csrf_failure"
# Browsers take 127.0.0.1 for secure; over plain http elsewhere nobody can log in to a production console.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _dalil.production or _address.scheme == "https"
if _address.scheme == "https":
    CSRF_TRUSTED_ORIGINS = [f"https://{_address.netloc}"]
    SECURE_HSTS_SECONDS = 365 * 86_400

# What the browser may do.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# French is the language of the source; Arabic stands in locale/.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("ar", _("العربية"))]
LOCALE_PATHS = [_here / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _MOROCCO.key

STATIC_URL = "static/"
STATICFILES_DIRS = [_here / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# No message text may reach a log: requests are named by address and status only.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"text": {}, "json": {"()": "bot.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if _dalil.logs_json else "text"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
}

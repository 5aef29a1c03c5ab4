"""Settings of Avoir, read from the environment, with defaults that run a demo on SQLite.

Every variable is read once, here, with its type; a wrong value stops the start with a sentence.
"""

import os
import secrets
from pathlib import Path

import environs
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environs.Env()
env.read_env(BASE_DIR / ".env", recurse=False)

DEBUG = env.bool("AVOIR_DEBUG", False)
VAR_DIR = Path(env.str("AVOIR_VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def secret_file(name: str) -> str:
    """Return the secret kept in ``var/<name>``, made on first use, readable by its owner alone."""
    path = VAR_DIR / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as secret:
        secret.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = env.str("AVOIR_SECRET_KEY", "") or secret_file("secret.key")
ALLOWED_HOSTS = env.list("AVOIR_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("AVOIR_TRUSTED_ORIGINS", [])
# Behind HTTPS everything that must be secure is; the demo on plain http://localhost cannot be.
HTTPS = env.bool("AVOIR_HTTPS", False)

# What the journal needs that must not lie in the database: FIS-07, FIS-08.
JOURNAL_KEY_ID = env.str("AVOIR_JOURNAL_KEY_ID", "k1")
JOURNAL_KEYS_DIR = Path(env.str("AVOIR_JOURNAL_KEYS_DIR", str(VAR_DIR / "keys")))
JOURNAL_HEADS_LOG = VAR_DIR / "heads.log"

INSTALLED_APPS = [
    "journal",
    "institution_settings",
    "contacts",
    "tills",
    "credit",
    "sales",
    "payments",
    "guichet",
    "ticketshop",
    "reports",
    "api",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "lucide",
    "django_htmx",
    "csp",
    "djmoney",
    "simple_history",
    "allauth",
    "allauth.account",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its templates, for FORM_RENDERER
]

# Tests add an app that may empty append-only tables between them.
INSTALLED_APPS += env.list("AVOIR_EXTRA_APPS", [])

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "guichet.middleware.PersonalPages",
    "guichet.middleware.WholePages",
    "guichet.middleware.PlainErrors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
# Partials wrap the cache, which wraps the rest.
CACHED_LOADER = ("django.template.loaders.cached.Loader", LOADERS)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [CACHED_LOADER])],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "institution_settings.context_processors.institution",
                "guichet.context_processors.counter",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# SQLite is the embedded default; everybody else names a PostgreSQL by DATABASE_URL.
# The lock and statement limits bound every wait (design.md, "One operation, five beats").
POSTGRESQL_OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 3,
    "options": (
        "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s"
    ),
}
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY;"
    ),
}


def database() -> dict[str, object]:
    """Return the one database of this installation with the options its kind needs."""
    url = env.str("DATABASE_URL", "")
    if url:
        found = dict(env.dj_db_url("DATABASE_URL", conn_max_age=None))
        if "postgresql" not in str(found["ENGINE"]):
            raise SystemExit("DATABASE_URL must name a PostgreSQL; without it SQLite is used.")
        found["CONN_HEALTH_CHECKS"] = True
        found["OPTIONS"] = {**dict(found.get("OPTIONS") or {}), **POSTGRESQL_OPTIONS}
        return found
    path = VAR_DIR / env.str("AVOIR_SQLITE_NAME", "avoir.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": SQLITE_OPTIONS,
        # A file, also in tests: threads and the live server need more than one connection.
        "TEST": {"NAME": str(VAR_DIR / "test.sqlite3")},
    }


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database: all processes count wrong PINs, codes and logins together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # What is counted is forgotten by its time, not because others are counted too.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "contacts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "contacts.authentication.RoleBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "guichet:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "contacts.adapters.AccountAdapter"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("AVOIR_TIME_ZONE", "Europe/Paris")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("AVOIR_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
STATICFILES_DIRS = [BASE_DIR / "static"]
# Without collectstatic (the demo) whitenoise serves from the source folders.
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
if COLLECTED:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

CURRENCIES = ("EUR", "CHF", "USD", "GBP", "JPY", "KWD")
DEFAULT_CURRENCY = "EUR"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Where customers reach the shop: what links in e-mails begin with.
PUBLIC_ADDRESS = env.str("AVOIR_PUBLIC_ADDRESS", "http://localhost:8000")
EMAIL_BACKEND = env.str("AVOIR_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("AVOIR_FROM_EMAIL", "billetterie@localhost")

SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("AVOIR_LOG_LEVEL", "WARNING")},
}

SOFTWARE_NAME = "Avoir"
SOFTWARE_VERSION = "0.1.0"

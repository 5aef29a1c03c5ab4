"""Settings of the django-hordak side: the same database options as ours, nothing slower."""

import os

import dj_database_url

SECRET_KEY = "only ever used by a benchmark"  # noqa: S105
DATABASES = {"default": dict(dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=None))}
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 3}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "mptt",
    "djmoney",
    "hordak",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/Paris"
CURRENCIES = ["EUR"]
DEFAULT_CURRENCY = "EUR"
HORDAK_CURRENCIES = ["EUR"]
HORDAK_INTERNAL_CURRENCY = "EUR"

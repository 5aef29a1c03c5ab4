"""What every page may show of the institution."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from institution_settings.models import Institution


def institution(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 (Django's form)
    """Add ``institution`` to every template, fetched once, where a page uses it."""
    return {"institution": SimpleLazyObject(Institution.objects.first)}

"""A Django project of its own for django-hordak, set up as its documentation says."""

"""The reports."""

from django.urls import path

from reports.views import bordereau

app_name = "reports"

urlpatterns = [
    path("", bordereau.home, name="home"),
    path("bordereau/", bordereau.bordereau, name="bordereau"),
    path("bordereau.pdf", bordereau.bordereau_pdf, name="bordereau_pdf"),
]

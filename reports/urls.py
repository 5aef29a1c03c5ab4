"""The reports."""

from django.urls import path

from reports.views import bordereau, takings

app_name = "reports"

urlpatterns = [
    path("", bordereau.home, name="home"),
    path("bordereau/", bordereau.bordereau, name="bordereau"),
    path("bordereau.pdf", bordereau.bordereau_pdf, name="bordereau_pdf"),
    path("releves/", takings.performances, name="performances"),
    path("releves/<int:performance_id>/", takings.takings, name="takings"),
    path("releves/<int:performance_id>/arreter/", takings.close, name="close_takings"),
    path("releves/<int:performance_id>.pdf", takings.takings_pdf, name="takings_pdf"),
]

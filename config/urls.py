"""The table of contents: who enters by which door."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from config import views

admin.site.login = login_not_required(secure_admin_login(admin.site.login))  # type: ignore[method-assign]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="guichet:home"), name="root"),
    path("guichet/", include("guichet.urls")),
    path("boutique/", include("ticketshop.urls")),
    path("rapports/", include("reports.urls")),
    path("admin/", admin.site.urls),
    path("comptes/", include("allauth.urls")),
    path("preferences/", views.preferences, name="preferences"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/<slug:page>/", views.styleguide, name="styleguide_page"),
]

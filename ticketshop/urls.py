"""The shop, resource by resource."""

from django.urls import path

from ticketshop import views

app_name = "ticketshop"

urlpatterns = [
    path("seance-annulee/<str:token>/", views.choose_refund, name="choose_refund"),
]

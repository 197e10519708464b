"""Addresses of the ledger pages."""

from django.urls import path

from schoolgate.web.ledger import views

urlpatterns = [path("ledger/", views.ledger, name="ledger")]

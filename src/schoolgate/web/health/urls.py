"""Addresses of the health endpoints."""

from django.urls import path

from schoolgate.web.health import views

urlpatterns = [
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
]

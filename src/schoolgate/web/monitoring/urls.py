"""Addresses of alerts."""

from django.urls import path

from schoolgate.web.monitoring import views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/live/", views.live, name="alerts-live"),
    path("alerts/decided/", views.decided, name="alerts-decided"),
    path("alerts/<str:ref>/", views.alert, name="alert"),
    path("alerts/<str:ref>/acknowledge/", views.acknowledge, name="alert-acknowledge"),
    path("alerts/<str:ref>/decide/", views.decide, name="alert-decide"),
]

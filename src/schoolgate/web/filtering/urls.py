"""Addresses of the pages about sites and the gate."""

from django.urls import path

from schoolgate.web.filtering import views

urlpatterns = [
    path("requests/", views.requests, name="requests"),
    path("requests/ask/", views.ask, name="ask"),
    path("requests/<uuid:request_id>/", views.answer, name="request"),
    path("requests/rules/<str:code>/close/", views.close, name="close-site"),
    path("gate/", views.gate, name="gate"),
    path("gate/publish/", views.publish, name="gate-publish"),
]

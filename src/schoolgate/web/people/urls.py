"""Addresses of the people pages."""

from django.urls import path

from schoolgate.web.people import views

urlpatterns = [path("people/", views.people, name="people")]

"""Addresses of the reports."""

from django.urls import path

from schoolgate.web.reports import views

urlpatterns = [path("governors/", views.governors, name="governors")]

"""Addresses of the children's own pages."""

from django.urls import path

from schoolgate.web.portal import views

urlpatterns = [
    path("portal/", views.portal, name="portal"),
    path("portal/hello/", views.hello, name="portal-hello"),
    path("portal/promise/", views.promise, name="portal-promise"),
    path("portal/finished/", views.finished, name="portal-finished"),
]

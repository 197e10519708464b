"""Address of the gallery."""

from django.urls import path

from schoolgate.web.gallery import views

urlpatterns = [path("components/", views.components, name="components")]

"""Addresses of the policy pages. The fixed ones stand before the sentences' own."""

from django.urls import path

from schoolgate.web.assurance import adopting, views

urlpatterns = [
    path("policy/", views.policy, name="policy"),
    path("policy/check/", views.check, name="policy-check"),
    path("policy/harms/", views.harms, name="harms"),
    path("policy/adopt/", adopting.upload, name="adopt-upload"),
    path("policy/adopt/<uuid:edition_id>/", adopting.adopt, name="adopt"),
    path("policy/adopt/<uuid:edition_id>/confident/", adopting.confirm_confident, name="adopt-confident"),
    path("policy/adopt/<uuid:edition_id>/force/", adopting.force, name="adopt-force"),
    path("policy/adopt/<uuid:edition_id>/<str:ref>/", adopting.bind, name="bind"),
    path("policy/<str:ref>/", views.statement, name="statement"),
    path("policy/<str:ref>/done/", views.attest, name="attest"),
]

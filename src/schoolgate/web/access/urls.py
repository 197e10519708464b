"""Addresses of agreements, signing and suspensions."""

from django.urls import path

from schoolgate.web.access import signing, views

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/mine/", signing.sign, name="sign"),
    path("agreements/class/<str:code>/", signing.sign_class, name="class-signing"),
    path("agreements/class/<str:code>/cards/", signing.class_cards, name="class-cards"),
    path("agreements/for/<uuid:person_id>/", signing.sign_on_behalf, name="sign-on-behalf"),
    path("agreements/signatures/<uuid:person_id>/", views.signatures, name="signatures"),
    path("agreements/signatures/withdraw/<uuid:signature_id>/", views.withdraw, name="withdraw-signature"),
    path("suspensions/", views.suspensions, name="suspensions"),
    path("suspensions/new/<uuid:person_id>/", views.suspend, name="suspend"),
    path("suspensions/<uuid:suspension_id>/restore/", views.restore, name="restore"),
]

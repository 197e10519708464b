"""Addresses of concerns."""

from django.urls import path

from schoolgate.web.concerns import reporting, views

urlpatterns = [
    path("concerns/", views.concerns, name="concerns"),
    path("concerns/report/", reporting.new, name="concern-new"),
    path("concerns/reported/", reporting.mine, name="concerns-reported"),
    path("concerns/reported/<str:ref>/", reporting.reported, name="concern-reported"),
    path("concerns/from-alert/<str:ref>/", reporting.from_alert, name="concern-from-alert"),
    path("concerns/<str:ref>/", views.concern, name="concern"),
    path("concerns/<str:ref>/add/<slug:kind>/", views.add, name="concern-add"),
    path("concerns/<str:ref>/name/", views.involve, name="concern-involve"),
    path("concerns/<str:ref>/entries/<int:pk>/correct/", views.correct, name="concern-correct"),
    path("concerns/<str:ref>/entries/<int:pk>/agree/", views.agree, name="concern-agree"),
    path("concerns/<str:ref>/close/", views.close, name="concern-close"),
    path("concerns/<str:ref>/reopen/", views.reopen, name="concern-reopen"),
]

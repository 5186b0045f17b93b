"""Every address of the site; the catalogue's own are in `projects/urls.py`."""

from django.contrib import admin
from django.urls import include, path

from casebook import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("projects.urls")),
    path("accueillir-un-eleve/", views.host_a_student, name="host_a_student"),
    path("a-propos/", views.about, name="about"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("aide/", views.search_help, name="search_help"),
    path("robots.txt", views.robots, name="robots"),
]

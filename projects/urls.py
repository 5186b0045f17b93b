"""Public addresses of the catalogue: French and stable."""

from django.urls import URLPattern, path

from projects.views import catalogue, home, methods, mission, missions

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("missions/", missions.mission_list, name="mission_list"),
    path("missions/<slug:slug>/", mission.mission_detail, name="mission_detail"),
    path("missions/<slug:slug>/image/", mission.mission_cover, name="mission_cover"),
    path("themes/", catalogue.theme_list, name="theme_list"),
    path("themes/<slug:slug>/", catalogue.theme_detail, name="theme_detail"),
    path("domaines/", catalogue.domain_list, name="domain_list"),
    path("methodes/", methods.method_list, name="method_list"),
    path("methodes/comparer/", methods.method_compare, name="method_compare"),
    path("methodes/familles/<slug:slug>/", methods.method_family, name="family_detail"),
    path("methodes/moments/<slug:slug>/", methods.method_moment, name="moment_detail"),
    path("methodes/<slug:slug>/", methods.method_detail, name="method_detail"),
    path("methodes/<slug:slug>/carte/", methods.method_card_page, name="method_card"),
    path("mes-extraits/", methods.extracts, name="extracts"),
    path("collectivites/", catalogue.collectivity_list, name="collectivity_list"),
    path("collectivites/<slug:slug>/", catalogue.collectivity_detail, name="collectivity_detail"),
    path("recueils/", catalogue.edition_list, name="edition_list"),
    path("recueils/<slug:slug>/", catalogue.edition_detail, name="edition_detail"),
    path("recueils/<slug:slug>.pdf", catalogue.edition_pdf, name="edition_pdf"),
    path("promotions/<slug:slug>/", catalogue.promotion_detail, name="promotion_detail"),
    path("api/missions/", missions.api_missions, name="api_missions"),
    path("api/suggestions/", missions.api_suggestions, name="api_suggestions"),
    path("ressources/", catalogue.resource_list, name="resource_list"),
]

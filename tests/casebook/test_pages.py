"""Pages of the site itself and its error pages: well formed, in French, and complete without any data."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.views import defaults
from pytest_django import DjangoAssertNumQueries

from casebook.models import SiteIdentity
from tests.pages import page_faults

PAGES = {
    "/a-propos/": "about",
    "/accueillir-un-eleve/": "host_a_student",
    "/mentions-legales/": "legal",
    "/donnees-personnelles/": "privacy",
    "/accessibilite/": "accessibility",
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, "/aide/"])
def test_page_stands_without_any_text_in_the_admin(
    client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get(address)

    assert response.status_code == 200
    assert page_faults(response.text) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "field"), PAGES.items())
def test_page_shows_the_text_of_the_admin_with_its_headings_under_the_title(
    client: Client, address: str, field: str
) -> None:
    SiteIdentity(contact_email="contact@exemple.fr", **{field: "<h3>Notre titre</h3><p>Est-ce vrai ?</p>"}).save()

    response = client.get(address)

    assert "<h2>Notre titre</h2><p>Est-ce vrai\u202f?</p>" in response.text
    assert page_faults(response.text) == []


@pytest.mark.django_db
def test_search_help_gives_the_examples_of_the_site(client: Client) -> None:
    SiteIdentity(example_queries=["cours d'école", "a&b"]).save()

    text = client.get("/aide/").text

    assert "/missions/?q=cours%20d%27%C3%A9cole" in text
    assert "/missions/?q=a%26b" in text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/rien/", "/missions/rien/", "/methodes/rien/", "/a%00b/", "/%ED%A0%80/"])
def test_unknown_address_is_a_french_404_with_a_search(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "Cette page n’existe pas ou plus" in response.text
    assert 'action="/missions/"' in response.text
    assert page_faults(response.text) == []


@pytest.mark.django_db
def test_forbidden_page_is_in_french(client: Client) -> None:
    request = RequestFactory().get("/")
    request.user = User(username="camille")

    response = defaults.permission_denied(request, PermissionDenied())

    assert response.status_code == 403
    assert page_faults(response.content.decode()) == []


@pytest.mark.django_db
def test_form_that_is_not_recognised_is_refused_in_french() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "camille"})

    assert response.status_code == 403
    assert "Ce formulaire n’est plus valable" in response.text
    assert page_faults(response.text) == []


def test_error_and_bad_request_pages_stand_without_a_database() -> None:
    error = defaults.server_error(HttpRequest())
    bad = defaults.bad_request(HttpRequest(), SuspiciousOperation())

    assert (error.status_code, page_faults(error.content.decode())) == (500, [])
    assert (bad.status_code, page_faults(bad.content.decode())) == (400, [])
    assert "Le site rencontre un problème" in error.content.decode()


@pytest.mark.django_db
def test_robots_are_kept_out_of_the_admin_only(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == "User-agent: *\nDisallow: /admin/\n"

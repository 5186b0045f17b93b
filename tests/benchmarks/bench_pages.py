"""Pages of the catalogue against a hello-world view of the same stack: queries, server time as a ratio, weight.

    .venv/bin/python manage.py demo --no-serve && .venv/bin/python -m tests.benchmarks.bench_pages

Reads the database of the environment (the demo's, unless DATABASE_URL says otherwise) through the whole middleware
stack in one process. The requests of all pages are interleaved, so that a slow moment of the machine touches all.
"""

import gzip
import os
import re
import statistics
import time
from pathlib import Path

ROUNDS = 40


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casebook.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection, reset_queries
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.urls import path

    from casebook import urls
    from projects.models import Mission

    def hello(request: HttpRequest) -> HttpResponse:
        return HttpResponse("<!doctype html><title>Bonjour</title><p>Bonjour")

    urls.urlpatterns.append(path("bonjour/", hello))
    settings.ALLOWED_HOSTS.append("testserver")
    mission = Mission.objects.published().in_book_order().first()
    if mission is None:
        raise SystemExit("The catalogue is empty: run `manage.py demo --no-serve` first.")
    pages = {
        "hello world": "/bonjour/",
        "home": "/",
        "list, all facets": "/missions/",
        "list, a search and two filters": "/missions/?q=ateliers&theme=travailler-autrement&type=commune",
        "mission": mission.get_absolute_url(),
        "methods": "/methodes/",
    }
    client = Client()
    queries: dict[str, int] = {}
    for name, address in pages.items():
        settings.DEBUG = True
        reset_queries()
        assert client.get(address).status_code == 200, address
        queries[name] = len(connection.queries)
    settings.DEBUG = False
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, address in pages.items():
            start = time.perf_counter()
            client.get(address)
            times[name].append(time.perf_counter() - start)
    floor = statistics.median(times["hello world"])
    print(f"{Mission.objects.published().count()} published missions, {connection.vendor}, {ROUNDS} rounds")
    print(f"{'page':34}{'queries':>8}{'median ms':>11}{'× hello':>9}")
    for name in pages:
        median = statistics.median(times[name])
        print(f"{name:34}{queries[name]:8}{median * 1000:11.2f}{median / floor:9.1f}")
    html = client.get("/").content
    static = Path(settings.BASE_DIR) / "static"
    assets = [static / name for name in re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html.decode())]
    weight = len(gzip.compress(html, 9)) + sum(len(gzip.compress(asset.read_bytes(), 9)) for asset in assets)
    print(f"first page, compressed, fonts apart: {weight / 1000:.1f} kB (HTML + {len(assets)} CSS or JS files)")


if __name__ == "__main__":
    main()

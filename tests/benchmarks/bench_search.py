"""Search, facets, JSON and suggestions against a hello-world view of the same stack, on a generated catalogue.

    export LAB=…  VAR_DIR=$LAB/var  # a folder of your own
    manage.py migrate && manage.py load_catalogue $LAB/cat-10000.jsonl  # of ../shared/bench/make_catalogue.py
    python -m tests.benchmarks.bench_search ../shared/bench/queries.json

First the truth: the totals and counts of every facets-only selection of the file are compared with plain SQL, those of
its one-word queries with the words of the texts. Then the times, in one process, the requests of all pages in turn.

Beside other engines (a server of their own each, the same requests in turn; see ../shared/bench/README.md):

    export PG=0
    ../shared/bench/run_peers.sh setup
    ../shared/bench/run_peers.sh load 10000
    ../shared/bench/run_peers.sh start 10000
    manage.py collectstatic
    DEBUG=0 SECURE_SSL_REDIRECT=0 SECRET_KEY=… gunicorn casebook.wsgi -w 2 --threads 4 -k gthread --keep-alive 30 &
    python ../shared/bench/compare.py --catalogue $LAB/cat-10000.jsonl --peers $LAB/peers-10000.json \\
        --casebook http://127.0.0.1:8000 --casebook-pid $! --json $LAB/ratios.json
    ../shared/bench/run_peers.sh stop
"""

import json
import os
import resource
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROUNDS = 52
PARAMETERS = {"theme": "theme", "method": "methode", "region": "region", "edition": "recueil"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casebook.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    settings.ALLOWED_HOSTS.append("testserver")
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    check(asked)
    measure(pages(asked))


def chosen(query: dict[str, Any]) -> dict[str, str]:
    from casebook.text import slug

    return {PARAMETERS[name]: slug(value) for name, value in query["select"].items()}


def check(asked: list[dict[str, Any]]) -> None:
    """Equal totals and counts, or the end."""
    from django.http import QueryDict

    from projects.facets import FACETS, index_missions
    from projects.models import Mission
    from projects.search import words_of
    from projects.search.document import analyse, texts
    from projects.search.words import stem
    from projects.selection import Selection

    members = {name: index_missions(facet, Mission.objects.published()).members for name, facet in FACETS.items()}
    everything = set(Mission.objects.published().values_list("pk", flat=True))
    wanted = {q["q"]: stem(words_of(q["q"])[0]) for q in asked if q["kind"] in {"rare", "common", "unaccented"}}
    having: dict[str, set[int]] = {word: set() for word in wanted.values()}
    for mission in Mission.objects.published().for_search().order_by("pk").iterator(chunk_size=500):
        stems = {entry.stem for entry in analyse(texts(mission), {}).entries.values()}
        for word in stems & having.keys():
            having[word].add(mission.pk)
    done: Counter[str] = Counter()
    for query in asked:
        for choice in ({}, chosen(query)):
            text = query["q"] if query["q"] in wanted else ""
            selection = Selection(QueryDict(urlencode({"q": text, "litteral": 1, **choice})))
            found = having[wanted[text]] if text else everything

            def kept(but: str, found: set[int] = found, choice: dict[str, str] = choice) -> set[int]:
                sets = (members[name].get(value, set()) for name, value in choice.items() if name != but)
                return found.intersection(*sets)

            counts = {
                name: {value: len(kept(name) & pks) for value, pks in values.items()}
                for name, values in members.items()
                if values
            }
            if text and selection.answer.marks != {(wanted[text],)}:
                continue  # it has synonyms
            assert selection.count == len(kept("")), (query, choice)
            assert {f.parameter: {v.value: v.count for v in f.values} for f in selection.facets} == counts
            done["with words" if text else "facets only"] += 1
    print(f"true totals and counts: {dict(done)}")


def pages(asked: list[dict[str, Any]]) -> dict[str, list[str]]:
    from projects.models import Mission

    queries = [query for query in asked if query["q"]]
    missions = Mission.objects.published().in_book_order()[:ROUNDS]
    return {
        "hello world": ["/bonjour/"],
        "list": ["/missions/"],
        "search": [f"/missions/?{urlencode({'q': query['q']})}" for query in queries],
        "search, two values": [f"/missions/?{urlencode({'q': query['q'], **chosen(query)})}" for query in queries],
        "mission": [mission.get_absolute_url() for mission in missions],
        "JSON": [f"/api/missions/?{urlencode({'q': query['q']})}" for query in queries],
        "suggestions": [f"/api/suggestions/?{urlencode({'q': beginning(query)})}" for query in queries],
    }


def beginning(query: dict[str, Any]) -> str:
    return str(query["q"]).strip('"')[:5]


def measure(addresses: dict[str, list[str]]) -> None:
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import path

    from casebook import urls
    from projects.models import Mission

    def hello(request: HttpRequest) -> HttpResponse:
        return HttpResponse("<!doctype html><title>Bonjour</title><p>Bonjour")

    urls.urlpatterns.append(path("bonjour/", hello))
    client = Client()
    queries: dict[str, int] = {}
    for name, own in addresses.items():
        assert client.get(own[0]).status_code == 200, own[0]
        with CaptureQueriesContext(connection) as captured:
            client.get(own[0])
        queries[name] = len(captured)
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for turn in range(ROUNDS):
        for name, own in addresses.items():
            start = time.perf_counter()
            client.get(own[turn % len(own)])
            times[name].append(time.perf_counter() - start)
    floor = statistics.median(times["hello world"])
    print(f"{Mission.objects.published().count()} published missions, {connection.vendor}, {ROUNDS} rounds")
    print(f"{'page':22}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'× hello':>9}")
    for name, own_times in times.items():
        median, slow = statistics.median(own_times), sorted(own_times)[int(ROUNDS * 0.95)]
        print(f"{name:22}{queries[name]:8}{median * 1000:9.1f}{slow * 1000:9.1f}{median / floor:9.1f}")
    print(f"memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()

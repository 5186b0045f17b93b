"""JSON and suggestions beside Datasette's JSON: the same queries, request by request in turn, one connection each.

    python -m tests.benchmarks.bench_json ../shared/bench $LAB/peers-10000.json http://127.0.0.1:8000

Servers as in `bench_search`. Datasette has no suggestions: its search of the same beginning stands beside them.
"""

import http.client
import json
import re
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROUNDS = 2


def main() -> None:
    bench, peers, casebook = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()), sys.argv[3]
    queries = [query["q"] for query in json.loads((bench / "queries.json").read_text(encoding="utf-8")) if query["q"]]
    datasette = peers["peers"]["datasette-json"]["base"]
    beginnings = [query.strip('"')[:5] for query in queries]
    paths: dict[tuple[str, str], list[str]] = {
        ("JSON", casebook): [f"/api/missions/?{urlencode({'q': query})}" for query in queries],
        ("JSON", datasette): [_search(query) for query in queries],
        ("suggestions", casebook): [f"/api/suggestions/?{urlencode({'q': text})}" for text in beginnings],
        ("suggestions", datasette): [_search(f"{_letters(text)}*", "raw") for text in beginnings],
    }
    connections = {
        base: http.client.HTTPConnection(urlsplit(base).netloc, timeout=60) for base in (casebook, datasette)
    }
    times: dict[tuple[str, str], list[float]] = {key: [] for key in paths}
    for turn in range(ROUNDS * len(queries)):
        for (name, base), own in paths.items():
            start = time.perf_counter()
            connections[base].request("GET", own[turn % len(own)])
            response = connections[base].getresponse()
            response.read()
            times[name, base].append(time.perf_counter() - start)
            if response.status != 200:
                raise SystemExit(f"{base}{own[turn % len(own)]} : {response.status}")
    for (name, base), spent in times.items():
        who = "casebook" if base == casebook else "datasette-json"
        middle, slow = statistics.median(spent) * 1000, sorted(spent)[int(len(spent) * 0.95)] * 1000
        print(f"{name:12} {who:15} p50 {middle:8.1f} ms  p95 {slow:8.1f} ms")


def _letters(text: str) -> str:
    """The last run of letters, which Datasette's syntax lets stand before its star."""
    return re.findall(r"\w+", text)[-1]


def _search(text: str, mode: str = "escaped") -> str:
    """Ten rows, without facets: the JSON interface gives none either."""
    asked = {"_search": text, "_searchmode": mode, "_size": 10, "_nofacet": 1, "_nosuggest": 1}
    return f"/cat/missions.json?{urlencode(asked)}"


if __name__ == "__main__":
    main()

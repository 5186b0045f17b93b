"""A process beside the tests, as a second worker of the site is: one order per line, one answer in JSON per line."""

import json
import sys
from typing import Any

import django


def answer(order: str, text: str) -> Any:
    from projects import workflow
    from projects.models import Mission
    from projects.search.suggestions import suggestions
    from projects.selection import Selection

    if order == "search":
        selection = Selection({"q": text})
        titles = dict(Mission.objects.values_list("pk", "title"))
        counts = {v.value: v.count for facet in selection.facets for v in facet.values if facet.parameter == "theme"}
        offered = [each.label for each in suggestions(text) if each.kind == "mission"]
        return {"titles": [titles[pk] for pk in selection.ids], "themes": counts, "offered": offered}
    mission = Mission.objects.get(title=text)
    {"publish": workflow.publish, "withdraw": workflow.withdraw, "delete": Mission.delete}[order](mission)
    return "done"


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        order, _, text = line.rstrip("\n").partition(" ")
        sys.stdout.write(f"{json.dumps(answer(order, text))}\n")
        sys.stdout.flush()

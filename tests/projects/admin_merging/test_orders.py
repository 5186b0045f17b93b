"""Several editors through the real form, in any order: what is typed is in the mission, on the page, or was saved."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from projects.models import Mission, parts
from projects.models.mission import State
from tests import factories, forms
from tests.mission_form import change_url, form_data, member

pytestmark = pytest.mark.django_db

ACTS = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["save", "title", "summary_asked", "body", "value", "add", "delete", "move"]),
    st.integers(0, 3),
)


def _words(mission: Mission) -> set[str]:
    mission.refresh_from_db()
    bodies = [body.removeprefix("<p>").removesuffix("</p>") for body in mission.sections.values_list("body", flat=True)]
    values = mission.key_figures.values_list("value", flat=True)
    return {mission.title, mission.summary_asked, *bodies, *values}


class Desk:
    """An editor's open form: its data, and what was typed in it."""

    def __init__(self, client: Client, mission: Mission) -> None:
        self.client, self.mission = client, mission
        self.data: dict[str, Any] = {}
        self.typed: set[str] = set()
        self.known: set[str] = set()  # the words of the mission when the form was opened

    def act(self, what: str, at: int, word: str) -> None:
        if not self.data:
            self.data, self.typed = form_data(self.client, change_url(self.mission)), set()
            self.known = _words(self.mission)
        rows = int(self.data["key_figures-TOTAL_FORMS"][0])
        row = at % rows if rows else 0
        if what in {"title", "summary_asked"}:
            self._type(what, word)
        elif what == "body":
            self._type(f"sections-{at % 3}-body", f"<p>{word}</p>")
        elif what == "add":
            self.data["key_figures-TOTAL_FORMS"] = [str(rows + 1)]
            self.data[f"key_figures-{rows}-position"] = [str(at + 1)]
            self._type(f"key_figures-{rows}-value", word)
        elif rows and what == "value":
            self.data.pop(f"key_figures-{row}-DELETE", None)
            self._type(f"key_figures-{row}-value", word)
        elif rows and what == "delete":
            self.data[f"key_figures-{row}-DELETE"] = ["on"]
            self.data[f"key_figures-{row}-value"] = ["effacé"]
        elif rows:
            self.data[f"key_figures-{row}-position"] = [str(at + 1)]

    def _type(self, name: str, value: str) -> None:
        self.data[name] = [value]
        self.typed.add(value.removeprefix("<p>").removesuffix("</p>"))

    def save(self, seed: int) -> None:
        """Whatever page of conflicts comes is answered by some choice."""
        everything = str(list(self.data.values()))
        sent = {word for word in self.typed if word in everything}
        of_others = {word for word in _words(self.mission) - self.known if word.startswith("mot")}
        page = self.client.post(change_url(self.mission), self.data)
        shown = ""
        while page.status_code == 200:
            assert page.context["questions"], page.text
            shown += page.text
            data = forms.form_data(page.text, "conflict_form")
            for number, question in enumerate(page.context["questions"]):
                data[f"{question.id}:side"] = [["mine", "theirs"][(seed + number) % 2]]
            page = self.client.post(change_url(self.mission), data)
        left = _words(self.mission)
        assert [word for word in sent if word not in left and word not in shown] == []
        assert [word for word in of_others if word not in left and word not in shown and word not in everything] == []
        positions = list(self.mission.key_figures.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, len(positions) + 1))
        self.data = {}


class TestOrders(TestCase):
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ACTS, min_size=4, max_size=10))
    def test_nothing_typed_is_lost_through_the_form(self, acts: list[tuple[int, str, int]]) -> None:
        mission = factories.make_mission("Accueil", state=State.DRAFT)
        for position, value in enumerate(["a", "b"], start=1):
            parts.KeyFigure.objects.create(mission=mission, value=value, position=position)
        desks = [Desk(member(group), mission) for group in ("Éditeurs", "Rédacteurs")]

        for number, (who, what, at) in enumerate(acts):
            if what == "save" and desks[who].data:
                desks[who].save(at)
            elif what != "save":
                desks[who].act(what, at, f"mot{who}x{number}fin")
        for desk in desks:
            if desk.data:
                desk.save(0)

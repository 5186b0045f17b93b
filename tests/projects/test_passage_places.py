"""Each passage leads to the very paragraph that holds it in the page of its mission."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from casebook.text import collapse
from projects.models import KeyFigure, Mission, Section, parts
from projects.search import Marks, passages
from projects.search.told import told_now
from projects.search.words import stems_of
from tests.factories import make_mission
from tests.pages import page_faults

pytestmark = pytest.mark.django_db
Kind = Section.Kind

LIST = "<ol><li><strong>Écouter</strong> le baobab<ul><li>puis le cyprès</li></ul></li><li><p>Le figuier</p></li></ol>"
TABLE = "<table><thead><tr><th>Arbre</th></tr></thead><tbody><tr><td>Un genévrier</td></tr></tbody></table>"


class Places(HTMLParser):
    """The words that directly stand in each element with an id, or in what it holds that has none."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "input", "br", "img", "path", "circle"}:
            self.open.append(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"path", "circle"}:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        holder = next((name for name in reversed(self.open) if name), "")
        self.words[holder] = collapse(f"{self.words.get(holder, '')} {data}")


@pytest.fixture
def mission() -> Mission:
    mission = make_mission(
        texts={
            Kind.CONTEXTE: "<p>Un acacia.</p><h3>Titre</h3><p>Sans rapport.</p><p>Un bouleau : <em>grand</em>.</p>",
            Kind.CLES_POUR_AGIR: LIST,
            Kind.ZOOM: TABLE,
            Kind.TEMOIGNAGE: "",
            Kind.AUTRE: "Un peuplier sans paragraphe",
        },
        summary_done="Planter un olivier.",
    )
    for position in range(1, 7):
        label = "mélèzes" if position == 6 else "arbres"
        KeyFigure.objects.create(mission=mission, position=position, value=str(position), label=label)
    parts.Testimonial.objects.create(mission=mission, position=1, text="<p>Bonjour.</p><p>Le tilleul fleurit.</p>")
    parts.Testimonial.objects.create(
        mission=mission, position=2, text="<p>Rien.</p>", section=mission.sections.get(kind=Kind.ZOOM)
    )
    return mission


@pytest.mark.parametrize(
    ("word", "anchor", "words"),
    [
        ("acacia", "rubrique-1-p1", "Un acacia."),
        ("bouleau", "rubrique-1-p4", "Un bouleau : grand ."),
        ("baobab", "rubrique-3-p1", "Écouter le baobab"),
        ("cyprès", "rubrique-3-p2", "puis le cyprès"),
        ("figuier", "rubrique-3-p4", "Le figuier"),
        ("genévrier", "rubrique-4-p2", "Un genévrier"),
        ("tilleul", "temoignage-1-p2", "Le tilleul fleurit."),
        ("mélèze", "chiffre-6", "6 mélèzes"),
        ("peuplier", "rubrique-6", "Un peuplier sans paragraphe"),
        ("olivier", "en-bref", None),
    ],
)
def test_passage_leads_to_the_paragraph_that_holds_it(
    client: Client, mission: Mission, word: str, anchor: str, words: str | None
) -> None:
    loaded = told_now(Mission.objects.for_search().get(pk=mission.pk))
    page = Places()
    page.feed(client.get(mission.get_absolute_url()).text)

    (passage,) = passages(loaded, Marks.of([stems_of(word)]))

    assert passage.url == f"{mission.get_absolute_url()}#{anchor}"
    assert anchor in page.words
    if words:
        assert words in page.words[anchor]
        assert page.words[anchor].replace(" .", ".").count(collapse(passage.text)) == 1


def test_places_are_all_different(client: Client, mission: Mission) -> None:
    assert page_faults(client.get(mission.get_absolute_url()).text) == []


def test_browser_is_told_the_first_and_last_words_of_a_long_passage() -> None:
    text = "Mieux recevoir, à la mairie-annexe et au guichet, tous les usagers & leurs proches"
    mission = make_mission(texts={Kind.CONTEXTE: f"<p>{text}</p>"})
    loaded = told_now(Mission.objects.for_search().get(pk=mission.pk))

    (passage,) = passages(loaded, Marks.of([stems_of("guichet")]))

    assert passage.between == ":~:text=Mieux%20recevoir%2C%20%C3%A0%20la,usagers%20%26%20leurs%20proches"

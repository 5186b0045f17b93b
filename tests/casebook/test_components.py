"""A component is rendered once for what it is given, and never for something else that is equal to it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.safestring import mark_safe

from casebook import components
from casebook.components import choices, component, facet, filled, site_header


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    render = components.render_to_string

    def noted(template: str, values: dict[str, Any]) -> str:
        made.append(values)
        return render(template, values)

    components._kept.cache_clear()
    components._line.cache_clear()
    monkeypatch.setattr(components, "render_to_string", noted)
    return made


def tag(name: str) -> str:
    return component("components/_mission_card_foot.html", methods=(), others=0) + component(
        "components/_site_footer.html", name=name
    )


def test_component_is_rendered_once_for_the_same_values(rendered: list[dict[str, Any]]) -> None:
    assert tag("Un site") == tag("Un site") != tag("Un autre")
    assert len(rendered) == 3


def test_safe_html_is_not_taken_for_the_same_text() -> None:
    shown = [component("components/_site_footer.html", name=name) for name in ("<b>", mark_safe("<b>"), "<b>")]

    assert ["&lt;b&gt;" in html for html in shown] == [True, False, True]


def test_edited_template_shows_at_once_in_development(rendered: list[dict[str, Any]], settings: Any) -> None:
    settings.DEBUG = True

    assert tag("Un site") == tag("Un site")
    assert len(rendered) == 4


def test_choices_differ_by_their_counts(rendered: list[dict[str, Any]]) -> None:
    def line(count: int, selected: bool = False) -> str:
        value = SimpleNamespace(value="a", label="A & B", count=count, selected=selected, color_key=0)
        return choices("theme", [value])

    none, one, many, more = line(0), line(1), line(2), line(1234)
    assert len(rendered) == 3
    assert "choice--zero" in none
    assert ">0<span" in none
    assert '>1<span class="vh"> mission</span>' in one
    assert '>2<span class="vh"> missions</span>' in many
    assert more == many.replace(">2<", ">1234<")
    assert "A &amp; B" in one
    assert " checked>" in line(2, selected=True)


def test_facet_says_how_many_values_are_folded() -> None:
    def shown(others: int) -> str:
        values = [SimpleNamespace(value=f"v{n}", label=f"V{n}", count=n, selected=False, color_key=0) for n in range(7)]
        box = SimpleNamespace(
            parameter="theme", label="A & B", shown=values[others:], others=values[:others], is_long=others > 1
        )
        return facet(box)

    none, one, two = shown(0), shown(1), shown(2)

    assert ("<details" in none, "<details" in one) == (False, True)
    assert '<summary>1\u00a0autre<span class="vh">&nbsp;: A &amp; B</span>' in one
    assert ("2\u00a0autres<" in two, "data-find" in one, "data-find" in two) == (True, False, True)
    assert two.count('name="theme"') == 7


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/missions/", 'href="/missions/" aria-current="page"'),
        ("/missions/une-mission/", 'href="/missions/" aria-current="true"'),
        ("/", ""),
        ("", ""),
    ],
)
def test_header_tells_where_the_page_is(path: str, current: str) -> None:
    html = site_header("Un site", "Un <propos>", path)

    assert "Un &lt;propos&gt;" in html
    assert current in html
    assert html.count("aria-current") == bool(current)


def passage(**values: str) -> str:
    usual = {"url": "/a#b", "label": "Zoom", "html": mark_safe("un <mark>mot</mark>"), "quotation": "", "key": "m1"}
    return filled("components/_passage.html", **{**usual, **values})


def test_texts_are_put_into_what_is_kept_of_the_template(rendered: list[dict[str, Any]]) -> None:
    components._frame.cache_clear()
    values = {"label": "« A & <b> »", "quotation": "x\0label\0 <i>", "key": 'm"1'}

    first, second = passage(**values), passage(quotation="y")

    assert len(rendered) == 1
    assert "« A &amp; &lt;b&gt; »</a>" in first
    assert "<p>un <mark>mot</mark></p>" in first
    assert 'id="citation-m&quot;1">x\0label\0 &lt;i&gt;</p>' in first
    assert 'id="citation-m1">y</p>' in second
    assert "citation" not in passage()


def test_filled_template_is_the_rendered_one(settings: Any) -> None:
    kept = passage(label="<b>", quotation="« a »")
    settings.DEBUG = True

    assert kept == passage(label="<b>", quotation="« a »")

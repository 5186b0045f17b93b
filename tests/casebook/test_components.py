"""A component is rendered once for what it is given, and never for something else that is equal to it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.safestring import mark_safe

from casebook import components
from casebook.components import choices, component, filled


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    render = components.render_to_string

    def noted(template: str, values: dict[str, Any]) -> str:
        made.append(values)
        return render(template, values)

    components._kept.cache_clear()
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

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from projects.imports.writing import edition_markdown
from projects.models import Edition
from projects.models.mission import State
from tests.factories import make_mission

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("export_recueil", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def edition() -> Edition:
    shown = make_mission("Une fiche publique", number=1)
    make_mission("Un brouillon", number=2, state=State.DRAFT)
    assert shown.edition is not None
    return shown.edition


def test_published_missions_of_an_edition_are_written(edition: Edition) -> None:
    code, out, err = run("2019")

    assert (code, out, err) == (0, edition_markdown(edition), "")
    assert ("UNE FICHE PUBLIQUE" in out, "UN BROUILLON" in out) == (True, False)


def test_drafts_are_written_when_asked(edition: Edition) -> None:
    _, out, _ = run("2019", "--all")

    assert out == edition_markdown(edition, with_drafts=True)
    assert "UN BROUILLON" in out


def test_file_is_written_instead_of_the_screen(edition: Edition, tmp_path: Path) -> None:
    code, out, err = run("2019", "--out", str(tmp_path / "recueil.md"))

    assert (code, out, err) == (0, "", "")
    assert (tmp_path / "recueil.md").read_text(encoding="utf-8") == edition_markdown(edition)


def test_unknown_edition_is_refused(edition: Edition) -> None:
    assert run("1987") == (
        2,
        "",
        "«\u00a01987\u00a0» n’est pas un recueil du catalogue\u00a0: donnez 2019.\n",
    )


def test_catalogue_without_editions_says_so() -> None:
    assert run("2019") == (
        2,
        "",
        "«\u00a02019\u00a0» n’est pas un recueil du catalogue\u00a0: il n’y en a encore aucun, importez-en un.\n",
    )


def test_file_that_cannot_be_written_is_refused(edition: Edition, tmp_path: Path) -> None:
    code, out, err = run("2019", "--out", str(tmp_path))

    assert (code, out) == (2, "")
    assert err == f"«\u00a0{tmp_path}\u00a0» ne peut pas être écrit\u00a0: vérifiez le nom et le dossier.\n"

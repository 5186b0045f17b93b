import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from projects.imports.contract import as_json
from projects.imports.reading import MAX_BYTES
from projects.models import ImportBatch, Mission
from tests.projects.imports.samples import FIRST, RECUEIL, SECOND, book_of


def run(*paths: object, **options: object) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_recueil", *map(str, paths), stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue().replace("\u00a0", " ")
    return 0, out.getvalue().replace("\u00a0", " "), err.getvalue()


@pytest.fixture
def recueil(tmp_path: Path) -> Path:
    path = tmp_path / "recueil.md"
    path.write_text(RECUEIL)
    return path


BAD = {
    "vide.md": b"",
    "inconnu.xyz": b"mots",
    "pdf.md": b"%PDF-1.7",
    "archive.md": b"PK\x03\x04",
    "image.md": b"\x89PNG\r\n\x1a\n",
    "ancien.md": b"\xd0\xcf\x11\xe0",
    "nul.md": b"mots\x00",
    "grand.md": b"a" * (MAX_BYTES + 1),
    "lignes.md": b"a\n" * 300_000,
}


@pytest.mark.parametrize("name", [*BAD, "absent.md", "dossier.md", "a\0b.md", "n\udcff.md", "n" * 300 + ".md"])
@pytest.mark.parametrize("form", ["json", "text"])
def test_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, name: str, form: str) -> None:
    (tmp_path / "dossier.md").mkdir()
    if name in BAD:
        (tmp_path / name).write_bytes(BAD[name])

    code, out, err = run(tmp_path / name, format=form)

    assert (code, out) == (2, "")
    assert err.startswith("« ")
    assert err.endswith(".\n")
    assert err.count("\n") == 1


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """Root reads everything: for the time of the test it is nobody."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    yield
    if is_root:
        os.seteuid(0)


def test_file_without_the_right_to_read_is_refused(recueil: Path, ordinary_user: None) -> None:
    path = recueil
    if os.access(path, os.W_OK, effective_ids=True):
        path.chmod(0)

    assert run(path) == (2, "", "« recueil.md » ne peut pas être ouvert : donnez-vous le droit de le lire.\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"publish": True}, "--publish demande --apply : sans lui, rien n’est écrit.\n"),
        (
            {"format": "json", "apply": True},
            "--format json lit un seul fichier et n’écrit rien : retirez --apply et les autres fichiers.\n",
        ),
    ],
)
def test_options_that_contradict_are_refused(recueil: Path, options: dict[str, object], message: str) -> None:
    assert run(recueil, **options) == (2, "", message)


def in_shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}
    command = [sys.executable, "manage.py", "import_recueil", *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def test_json_needs_no_database_and_is_alone_on_standard_output(recueil: Path) -> None:
    done = in_shell(str(recueil), "--format", "json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == as_json(book_of(RECUEIL))


def test_refusal_and_lost_database_leave_no_traceback(recueil: Path) -> None:
    missing, unreachable = in_shell("absent.md", "--format", "json"), in_shell(str(recueil), "--apply")

    assert (missing.returncode, missing.stdout, missing.stderr) == (
        2,
        "",
        "«\u00a0absent.md\u00a0» n’existe pas\u00a0: vérifiez le nom et le dossier.\n",
    )
    assert (unreachable.returncode, unreachable.stdout) == (2, "")
    assert unreachable.stderr.startswith("La base de données a refusé l’import, rien n’a été écrit")
    assert "Traceback" not in unreachable.stderr


@pytest.mark.parametrize(
    "data",
    [
        RECUEIL.replace("\n", "\r\n").encode(),
        RECUEIL.encode("utf-8-sig"),
        RECUEIL.encode("utf-16"),
        RECUEIL.encode("cp1252"),
        unicodedata.normalize("NFD", RECUEIL).encode(),
        RECUEIL.replace("'", "’").encode(),
    ],
    ids=["crlf", "bom", "utf-16", "cp1252", "decomposed", "curly"],
)
def test_every_form_of_the_text_gives_the_same_json(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "recueil.txt"
    path.write_bytes(data)

    code, out, err = run(path, format="json")

    result = json.loads(out.replace("’", "'"))
    result["document"]["warnings"] = []
    expected = json.loads(
        json.dumps(as_json(book_of(RECUEIL)), ensure_ascii=False).replace("’", "'").replace("\u00a0", " ")
    )
    assert (code, err, result) == (0, "", expected)


def test_reading_alone_writes_nothing(recueil: Path) -> None:
    code, out, _ = run(recueil)

    assert code == 0
    assert out.endswith("\nRien n’a été écrit. Ajoutez --apply pour créer les brouillons.\n")


@pytest.mark.django_db
def test_apply_publish_and_again(recueil: Path) -> None:
    applied, published, again = (
        run(recueil, apply=True),
        run(recueil, apply=True, publish=True),
        run(recueil, apply=True),
    )

    assert applied == (
        0,
        "recueil.md\n  3 brouillons créés.\n"
        + "".join(
            f"  Collectivité inconnue : « {name} » a été créée, à compléter.\n"
            for name in (
                "Ville de Port-au-Vent",
                "Ville de Hauterive",
                "Métropole de Hauterive",
                "Communauté d’agglomération du Val Serein",
            )
        ),
        "",
    )
    same = "recueil.md\n  Ce fichier a déjà été importé : le texte des fiches n’a pas changé.\n"
    assert published == (0, f"{same}  3 missions publiées.\n", "")
    assert again == (0, same, "")
    assert Mission.objects.published().count() == 3


@pytest.mark.django_db
def test_several_files_are_applied_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "un.md").write_text(FIRST)
    (tmp_path / "deux.md").write_text(SECOND)

    refused = run(tmp_path / "un.md", tmp_path / "absent.md", apply=True)
    wrong = run(tmp_path / "un.md", tmp_path / "deux.md", apply=True, edition="33")
    before = ImportBatch.objects.count()
    done = run(tmp_path / "un.md", tmp_path / "deux.md", apply=True, edition="2031", publish=True)

    assert [refused[0], wrong[0], before, done[0]] == [2, 2, 0, 0]
    assert wrong[2] == "« 33 » n’est pas une édition : donnez la première année, par exemple 2019.\n"
    assert [str(mission) for mission in Mission.objects.published().order_by("number")] == [
        "01 Un guichet pour les habitants",
        "02 Le bureau des arrivants",
    ]


@pytest.mark.django_db
def test_draft_that_cannot_be_published_says_why(tmp_path: Path) -> None:
    path = tmp_path / "fiche.md"
    path.write_text(SECOND.replace("CONTEXTE", "ZOOM"))

    _, out, _ = run(path, apply=True, publish=True)

    assert out.endswith("  Non publiée : 02 Le bureau des arrivants. Écrivez la rubrique « Contexte ».\n")
    assert not Mission.objects.published().exists()

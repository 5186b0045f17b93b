"""What people look for: what is recorded, what never is, and that each line counts once."""

import logging
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import roles, search, statistics
from projects.admin.statistics import neutral
from projects.imports.undo import fingerprint
from projects.models import Mission, MissionStatistic, SearchStatistic, StatisticsFlush
from projects.models.mission import State
from projects.selection import Selection
from tests.conftest import ReadOnlyGetClient
from tests.factories import make_mission

pytestmark = pytest.mark.django_db

NOTHING, CORRECTED = SearchStatistic.Kind.NOTHING, SearchStatistic.Kind.CORRECTED
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
PAGE = "/admin/projects/mission/recherches/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spool of our own, in November 2026."""
    settings.VAR_DIR = tmp_path
    set_day(monkeypatch, date(2026, 11, 21))
    return tmp_path / "statistics"


def set_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(statistics, "localdate", lambda: day)


def spooled(folder: Path) -> list[str]:
    path = folder / "spool"
    return path.read_text().splitlines() if path.exists() else []


def look_for(client: Client, query: str, times: int = 1, **headers: str) -> None:
    for _ in range(times):
        assert client.get("/missions/", {"q": query}, headers={**READER, **headers}).status_code == 200


def stored() -> set[tuple[str, str, str, int]]:
    rows = SearchStatistic.objects.values_list("month", "kind", "words", "count")
    return {(f"{month:%Y-%m}", kind, words, count) for month, kind, words, count in rows}


def spool(folder: Path, *lines: str) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / "spool").open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


# -------------------------------------------------------------------------------------------- what is recorded


def test_search_without_result_is_one_line_of_words(client: Client, folder: Path) -> None:
    make_mission()

    look_for(client, "Téléphérique  « URBAIN »")

    assert spooled(folder) == ["2026-11\tsans_resultat\ttelepherique urbain"]


def test_corrected_search_is_recorded_and_a_found_one_is_not(client: Client, folder: Path) -> None:
    make_mission("Réorganiser l’accueil")

    look_for(client, "reorganisser")
    look_for(client, "accueil")
    look_for(client, "")

    assert spooled(folder) == ["2026-11\tcorrigee\treorganisser"]


@pytest.mark.parametrize("rest", ["theme=piloter-ensemble", "page=2", "tri=titre", "dans=contexte"])
def test_same_search_filtered_or_sorted_is_not_counted_again(client: Client, folder: Path, rest: str) -> None:
    for _ in range(11):
        make_mission("Réorganiser l’accueil", texts={})

    client.get(f"/missions/?q=reorganisser&{rest}", headers=READER)

    assert spooled(folder) == []


def test_reading_a_published_mission_is_recorded_a_draft_never(client: Client, folder: Path) -> None:
    mission = make_mission()
    draft = make_mission("Brouillon", state=State.DRAFT)

    client.get(mission.get_absolute_url(), headers=READER)
    client.get(draft.get_absolute_url(), headers=READER)

    assert spooled(folder) == [f"2026-11\tfiche\t{mission.pk}"]


def test_spool_is_for_its_owner_alone(client: Client, folder: Path) -> None:
    look_for(client, "téléphérique")

    assert (folder.stat().st_mode & 0o777, (folder / "spool").stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize(
    "headers",
    [
        {"DNT": "1"},
        {"Sec-GPC": "1"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)"},
        {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36"},
        {"User-Agent": "python-requests/2.32"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Mozilla/5.0 (compatible; YandexBot/3.0)"},
        {"User-Agent": "Baiduspider"},
        {"User-Agent": "Feedly/1.0"},
    ],
)
def test_robots_and_who_asks_to_be_left_alone_are_not_counted(
    client: Client, folder: Path, headers: dict[str, str]
) -> None:
    mission = make_mission()

    look_for(client, "téléphérique", **headers)
    client.get(mission.get_absolute_url(), headers={**READER, **headers})

    assert spooled(folder) == []


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
        READER["User-Agent"],
    ],
)
def test_ordinary_browsers_are_counted(client: Client, folder: Path, agent: str) -> None:
    look_for(client, "téléphérique", **{"User-Agent": agent})

    assert len(spooled(folder)) == 1


def test_head_is_not_counted(client: Client, folder: Path) -> None:
    mission = make_mission()

    client.head("/missions/?q=telepherique", headers=READER)
    client.head(mission.get_absolute_url(), headers=READER)

    assert spooled(folder) == []


def test_editors_are_not_counted(admin_client: Client, folder: Path) -> None:
    look_for(admin_client, "téléphérique")

    assert spooled(folder) == []


@pytest.mark.parametrize(
    "query",
    [
        "camille.exemple@exemple.fr",
        "camille ＠ exemple.fr",
        "camille (at) exemple.fr",
        "camille arobase exemple",
        "12345",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "dossier n°75-01-2",
        "un deux trois quatre cinq six sept huit neuf",
        "x" * 81,
        "« ! »",
    ],
)
def test_what_may_be_personal_is_never_written(client: Client, folder: Path, query: str) -> None:
    look_for(client, query)

    assert statistics.recordable(query) == ""
    assert spooled(folder) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("L’Été à  la MER", "l'ete a la mer"),
        ("recueil 2019", "recueil 2019"),
        ("un deux trois quatre cinq six sept huit", "un deux trois quatre cinq six sept huit"),
        ("co-construction\tde\nprojets", "co-construction de projets"),
        ("=1+1", "1 1"),
    ],
)
def test_words_are_folded(query: str, words: str) -> None:
    assert statistics.recordable(query) == words


def test_page_stands_when_the_spool_cannot_be_written(
    client: Client, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.parent.joinpath("statistics").write_text("not a folder")

    with caplog.at_level(logging.WARNING):
        look_for(client, "téléphérique")

    assert "Statistics are not recorded" in caplog.text


def test_full_spool_grows_no_further(client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MAX_SPOOL", 50)

    look_for(client, "téléphérique", times=4)

    assert len(spooled(folder)) == 2


def test_recording_costs_no_query(folder: Path) -> None:
    make_mission()
    selection = Selection(QueryDict("q=telepherique"))
    request = RequestFactory().get("/missions/", {"q": "telepherique"}, headers=READER)
    request.user = type("Reader", (), {"is_authenticated": False})()

    with CaptureQueriesContext(connection) as queries:
        statistics.record_search(request, selection)

    assert (len(queries), len(spooled(folder))) == (0, 1)


# --------------------------------------------------------------------------------------------------- the count


def test_words_seen_once_are_held_and_counted_with_their_second(folder: Path) -> None:
    spool(folder, "2026-11\tsans_resultat\ttelepherique", "2026-11\tsans_resultat\tmetro")
    statistics.flush()
    first = stored()
    spool(folder, "2026-11\tsans_resultat\ttelepherique")
    statistics.flush()
    spool(folder, "2026-11\tsans_resultat\ttelepherique")
    statistics.flush()

    assert first == set()
    assert stored() == {("2026-11", NOTHING, "telepherique", 3)}
    assert (folder / "held").read_text() == "2026-11\tsans_resultat\tmetro\n"


def test_kinds_and_months_are_counted_apart(folder: Path) -> None:
    spool(folder, *["2026-10\tsans_resultat\tmetro"] * 2, "2026-11\tsans_resultat\tmetro", "2026-11\tcorrigee\tmetro")

    statistics.flush()

    assert stored() == {("2026-10", NOTHING, "metro", 2)}


def test_words_seen_once_go_with_their_month(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool(folder, "2026-11\tsans_resultat\tmetro")
    statistics.flush()

    set_day(monkeypatch, date(2026, 12, 1))
    statistics.flush()

    assert (folder / "held").read_text() == ""
    assert stored() == set()


def test_consultations_are_added_up_and_those_of_deleted_missions_left_out(folder: Path) -> None:
    mission, gone = make_mission(), make_mission("Autre")
    spool(folder, *[f"2026-11\tfiche\t{mission.pk}"] * 2, f"2026-11\tfiche\t{gone.pk}", "2026-11\tfiche\tx")
    Mission.objects.filter(pk=gone.pk).delete()

    statistics.flush()
    spool(folder, f"2026-11\tfiche\t{mission.pk}")
    statistics.flush()

    assert list(MissionStatistic.objects.values_list("mission", "month", "count")) == [
        (mission.pk, date(2026, 11, 1), 3)
    ]


def test_broken_lines_are_left_out(folder: Path) -> None:
    spool(folder, "", "x", "2026-13\tcorrigee\ta", "2026-11\tcorrigee\tb", "2026-11\tcorrigee\tb", "2026-11\tautre\tc")
    with (folder / "spool").open("ab") as file:
        file.write(b"2026-11\tcorrigee\t\xff\xfe\n2026-11\tcorr")

    statistics.flush()

    assert stored() == {("2026-11", CORRECTED, "b", 2)}


@pytest.mark.parametrize("stage", ["_count", "_hold", "_purge", "unlink"])
def test_killed_count_may_be_run_again(folder: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    mission = make_mission()
    spool(folder, "2026-11\tcorrigee\tune")
    statistics.flush()
    spool(folder, *["2026-11\tcorrigee\tdeux"] * 2, "2026-11\tcorrigee\tune", "2026-11\tcorrigee\tseule")
    spool(folder, *[f"2026-11\tfiche\t{mission.pk}"] * 5)

    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    names = iter(["a", "z", "b"])  # what is left stands after what comes
    monkeypatch.setattr("projects.statistics.secrets.token_hex", lambda size: next(names))
    with monkeypatch.context() as during:
        during.setattr(Path if stage == "unlink" else statistics, stage, killed)
        with pytest.raises(KeyboardInterrupt):
            statistics.flush()
    spool(folder, "2026-11\tcorrigee\tdeux")
    statistics.flush()
    statistics.flush()

    assert stored() == {("2026-11", CORRECTED, "une", 2), ("2026-11", CORRECTED, "deux", 3)}
    assert MissionStatistic.objects.get().count == 5
    assert sorted(path.name for path in folder.iterdir()) == ["held", "lock"]
    assert (folder / "held").read_text() == "2026-11\tcorrigee\tseule\n"


APPENDING = """
import django
django.setup()
from projects.statistics import _append
for number in range(400):
    _append("corrigee", "{who} " + "mot" * 8)
"""


def test_two_processes_append_while_the_spool_is_set_aside(folder: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "VAR_DIR": str(folder.parent),
        "DJANGO_SETTINGS_MODULE": "casebook.settings",
    }
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDING.format(who=who)], cwd=django_settings.BASE_DIR, env=environment
        )
        for who in ("une", "deux")
    ]

    while any(writer.poll() is None for writer in writers):
        statistics.flush()
    statistics.flush()

    assert [writer.returncode for writer in writers] == [0, 0]
    totals = SearchStatistic.objects.order_by("words").values_list("words", "count")
    assert dict(totals) == {f"deux {'mot' * 8}": 400, f"une {'mot' * 8}": 400}


def test_second_count_at_the_same_time_does_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spool(folder, *["2026-11\tcorrigee\tmetro"] * 2)

    with statistics._alone():
        call_command("flush_statistics")

    assert "Un autre relevé est en cours" in capsys.readouterr().out
    assert stored() == set()


def test_what_is_a_year_old_goes(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    mission = make_mission()
    for month in (date(2025, 11, 1), date(2025, 12, 1)):
        SearchStatistic.objects.create(month=month, kind=NOTHING, words="metro", count=2)
        MissionStatistic.objects.create(month=month, mission=mission, count=2)
        StatisticsFlush.objects.create(day=month, name=str(month))
    spool(folder, *["2025-11\tcorrigee\tvieux"] * 3)

    call_command("flush_statistics")

    assert capsys.readouterr().out == "3\u00a0événements relevés.\n3\u00a0lignes effacées avec l’âge.\n"
    assert stored() == {("2025-12", NOTHING, "metro", 2)}
    assert [row.month for row in MissionStatistic.objects.all()] == [date(2025, 12, 1)]


def test_counts_are_no_part_of_a_mission(folder: Path) -> None:
    """Undoing an import compares a mission with its parts, and puts them back."""
    mission = make_mission()
    before = fingerprint(mission)

    MissionStatistic.objects.create(month=date(2026, 11, 1), mission=mission, count=2)

    assert fingerprint(mission) == before
    assert mission.delete()[1]["projects.MissionStatistic"] == 1


# ---------------------------------------------------------------------------------------------------- the page


def make_counts() -> None:
    for month in (date(2026, 10, 1), date(2026, 11, 1)):
        SearchStatistic.objects.create(month=month, kind=NOTHING, words="telepherique & metro", count=3)
        SearchStatistic.objects.create(month=month, kind=CORRECTED, words="reorganisser", count=2)
    SearchStatistic.objects.create(month=date(2026, 10, 1), kind=NOTHING, words="tramway", count=7)
    SearchStatistic.objects.create(month=date(2025, 9, 1), kind=NOTHING, words="perime", count=7)
    MissionStatistic.objects.create(mission=make_mission("@vous la parole"), month=date(2026, 11, 1), count=1200)
    StatisticsFlush.objects.create(name="x", day=date(2026, 11, 20))


def member(group: str) -> Client:
    user = User.objects.create_user(f"membre-{group}", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = ReadOnlyGetClient()
    client.force_login(user)
    return client


def test_page_adds_up_the_year_and_shows_one_month(admin_client: Client) -> None:
    make_counts()

    year, october = admin_client.get(PAGE), admin_client.get(PAGE, {"mois": "2026-10"})

    assert list(year.context["nothing"]) == [
        {"words": "tramway", "total": 7},
        {"words": "telepherique & metro", "total": 6},
    ]
    assert list(year.context["corrected"]) == [{"words": "reorganisser", "total": 4}]
    assert [(mission.title, total) for mission, total in year.context["read"]] == [("@vous la parole", 1200)]
    assert [row["total"] for row in october.context["nothing"]] == [7, 3]
    assert october.context["read"] == []
    assert "Dernier relevé le 20 novembre 2026" in year.text
    assert "/admin/projects/synonymgroup/add/?terms=telepherique%20%26%20metro" in year.text
    assert "1\u202f200" in year.text


def test_page_without_figures_says_so(admin_client: Client) -> None:
    page = admin_client.get(PAGE, {"mois": "n’importe quoi"})

    assert page.context["period"].value == ""
    assert "Aucun relevé n’a encore été fait" in page.text
    assert "Aucune recherche n’est restée deux fois sans résultat" in page.text
    assert "Aucune recherche n’a été corrigée deux fois" in page.text
    assert "Aucune consultation n’a été relevée" in page.text


def test_page_is_for_those_who_see_missions(client: Client) -> None:
    make_counts()
    outsider = ReadOnlyGetClient()
    outsider.force_login(User.objects.create_user("autre", is_staff=True))

    assert [outsider.get(url).status_code for url in (PAGE, f"{PAGE}export.csv")] == [403, 403]
    assert [client.get(url).status_code for url in (PAGE, f"{PAGE}export.csv")] == [302, 302]
    assert "Ce que l’on cherche" not in outsider.get(reverse("admin:index")).text
    assert "Ajouter un synonyme" not in member(roles.REDACTEUR).get(PAGE).text
    editor = member(roles.EDITEUR)
    assert "Ajouter un synonyme" in editor.get(PAGE).text
    assert f'href="{PAGE}"' in editor.get(reverse("admin:index")).text


def test_page_costs_the_same_for_few_and_many(admin_client: Client) -> None:
    make_counts()
    admin_client.get(PAGE)

    with CaptureQueriesContext(connection) as few:
        admin_client.get(PAGE)
    for number in range(5):
        SearchStatistic.objects.create(month=date(2026, 11, 1), kind=NOTHING, words=f"mot {number}", count=2)
        MissionStatistic.objects.create(month=date(2026, 11, 1), mission=make_mission(f"M{number}"), count=2)
    with CaptureQueriesContext(connection) as many:
        admin_client.get(PAGE)

    assert (len(few), len(many)) == (9, 9)


def test_csv_gives_each_month_and_no_formula(admin_client: Client) -> None:
    make_counts()

    answer = admin_client.get(f"{PAGE}export.csv")

    assert answer["Content-Disposition"] == 'attachment; filename="recherches-annee.csv"'
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Mois;Relevé;Mots ou fiche;Nombre",
        "2026-11;recherche corrigée;reorganisser;2",
        "2026-11;recherche sans résultat;telepherique & metro;3",
        "2026-10;recherche corrigée;reorganisser;2",
        "2026-10;recherche sans résultat;tramway;7",
        "2026-10;recherche sans résultat;telepherique & metro;3",
        "2026-11;fiche consultée;'@vous la parole;1200",
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\ta", "\ra"])
def test_cell_is_no_formula(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"
    assert neutral("a=1") == "a=1"


def test_figures_are_on_no_public_page(client: Client) -> None:
    mission = make_mission("Accueil", number=1)
    search.reindex([mission])
    SearchStatistic.objects.create(month=date(2026, 11, 1), kind=NOTHING, words="zibeline", count=987654)
    MissionStatistic.objects.create(month=date(2026, 11, 1), mission=mission, count=987654)
    addresses = ["/", "/missions/", "/missions/?q=zibelin", mission.get_absolute_url(), "/donnees-personnelles/"]

    pages = [client.get(address).text for address in addresses]

    assert [page for page in pages if "zibeline" in page or "987" in page] == []


def test_privacy_page_says_what_is_counted(client: Client) -> None:
    page = client.get("/donnees-personnelles/").text

    assert "Do Not Track" in page
    assert "au moins deux fois" in page

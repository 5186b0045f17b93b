import pytest
from django.core.management import CommandError, call_command

from projects.models import Mission, MissionCollectivity, Section
from tests.factories import make_domain, make_method, make_mission

pytestmark = pytest.mark.django_db


def test_check_catalogue_without_fault_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    make_mission(number=1, methods=[make_method()], domains=[make_domain()], summary_asked="Mieux recevoir.")
    make_mission(number=2, state="brouillon")

    call_command("check_catalogue")

    assert capsys.readouterr().out == "1\u00a0mission publiée\u00a0: rien à corriger.\n"


def test_check_catalogue_lists_what_could_be_better_without_failing(capsys: pytest.CaptureFixture[str]) -> None:
    make_mission("Loger", number=1, domains=[make_domain()])
    make_mission("Trier", number=2, methods=[make_method()], summary_done="Fait.")

    call_command("check_catalogue")

    assert capsys.readouterr().out.splitlines() == [
        "à améliorer\u00a0: 01 Loger\u00a0: sans résumé et méthode",
        "à améliorer\u00a0: 02 Trier\u00a0: sans domaine",
        "2\u00a0missions publiées\u00a0: rien à corriger.",
    ]


def test_check_catalogue_fails_on_broken_rules_and_lost_extracts(capsys: pytest.CaptureFixture[str]) -> None:
    method, domain = make_method(), make_domain()
    broken = make_mission("Loger", number=1, methods=[method], domains=[domain], summary_done="Fait.")
    lost = make_mission("Trier", number=2, methods=[method], domains=[domain], summary_done="Fait.")
    draft = make_mission("Rêver", number=3, methods=[method], state="brouillon")
    MissionCollectivity.objects.filter(mission=broken).delete()
    for mission in (lost, draft):
        mission.sections.filter(kind=Section.Kind.CLES_POUR_AGIR).update(body="<p>Réécrit.</p>")

    with pytest.raises(CommandError) as error:
        call_command("check_catalogue")

    assert capsys.readouterr().out.splitlines() == [
        "faute\u00a0: 01 Loger\u00a0: Indiquez au moins une collectivité.",
        "faute\u00a0: 02 Trier\u00a0: l’extrait de la méthode «\u00a0Entretiens\u00a0» n’est plus dans la rubrique "
        "«\u00a0Des clés pour agir\u00a0»\u00a0: «\u00a0L’équipe a mené douze entretiens avec les agents.\u00a0»",
    ]
    assert str(error.value) == "2\u00a0fautes à corriger."
    assert Mission.objects.published().count() == 2

"""A catalogue where everything that must not be seen bears marker words and marker images."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from casebook.accounts.journal import journal
from casebook.models import SiteIdentity
from people.models import Collectivity, Person
from projects import images, search, working_copies
from projects.changes import record
from projects.history import bin
from projects.models import (
    BinItem,
    Deliverable,
    Edition,
    FollowUp,
    FormerAddress,
    ImportBatch,
    ImportedFile,
    ImportedMission,
    KeyFigure,
    Method,
    MethodExtract,
    MethodUse,
    Mission,
    MissionCollectivity,
    Reference,
    Resource,
    SearchSynonym,
    Section,
    Speaker,
    parts,
)
from projects.models.mission import State
from tests import factories as make

# It stands in everything that must not be seen; LOST only in the text of hidden missions, to search for them;
# MASKED in the names of people who are not shown, OTTER in what belongs to accounts.
SECRET, LOST, MASKED, OTTER = "zibeline", "hermine", "martre", "loutre"
FORMER = "ancienne-adresse"
PRINTED = b"%PDF-1.4 zibeline"


def add_parts(mission: Mission, word: str) -> None:
    """Every kind of part, with the word in it."""
    KeyFigure.objects.create(mission=mission, position=1, value="7", label=f"agents {word}")
    Reference.objects.create(mission=mission, position=1, text=f"Rapport {word}", url=f"https://exemple.fr/{word}")
    Deliverable.objects.create(mission=mission, position=1, title=f"Guide {word}")
    FollowUp.objects.create(mission=mission, position=1, kind="observee", text=f"Suite {word}", source=word)
    testimonial = parts.Testimonial.objects.create(mission=mission, position=1, text=f"<p>Propos {word}</p>")
    Speaker.objects.create(testimonial=testimonial, position=1, last_name=word, role=word)
    make.add_author(mission, make.make_person("Élève", word, promotion=make.make_promotion(f"Promotion {word}")))
    make.add_tutor(mission, make.make_person("Tuteur", word), job_title=word)
    MethodUse.objects.filter(mission=mission).update(outcome=f"Résultat {word}")


def make_published() -> Mission:
    mission = make.make_mission(
        "Une fiche publique",
        number=1,
        edition=make.make_edition(),
        theme=make.make_theme(edition=make.make_edition()),
        collectivities=[make.make_collectivity("Ville publique", region=make.make_region(), note=SECRET)],
        domains=[make.make_domain()],
        methods=[make.make_method()],
    )
    add_parts(mission, "visible")
    return mission


def hide_things_in(mission: Mission) -> None:
    """What a published mission holds and does not show."""
    masked = make.make_person(
        SECRET, SECRET, display_mode="masque", promotion=mission.authorships.get().person.promotion
    )
    make.add_author(mission, masked, 2)
    make.add_tutor(mission, masked, job_title=f"Poste {SECRET}", position=2)
    testimonial = parts.Testimonial.objects.get(mission=mission)
    Speaker.objects.create(testimonial=testimonial, position=2, person=masked, last_name=SECRET, role=SECRET)
    shown = mission.authorships.get(position=1).person
    shown.email, shown.aliases = f"{SECRET}@exemple.fr", [SECRET]
    shown.save()
    for position, state in enumerate(["proposee", "refusee"], start=2):
        use = MethodUse.objects.create(
            mission=mission, method=make.make_method(f"Sondage {state}"), position=position, state=state, outcome=SECRET
        )
        MethodExtract.objects.create(use=use, section=mission.sections.get(position=1), text=SECRET)
    resource = Resource.objects.create(kind="article", title=SECRET, slug="cachee", summary=SECRET, is_published=False)
    resource.missions.add(mission)
    resource.methods.add(*Method.objects.all())
    resource.collectivities.add(*Collectivity.objects.all())


def make_hidden(published: Mission, state: str) -> Mission:
    """A mission as near as can be to a published one, with the secret word in everything that is its own."""
    own = make.make_collectivity(f"Ville {SECRET} {state}", region=make.make_region(f"Région {SECRET}", "99"))
    mission = make.make_mission(
        f"Titre {SECRET} {LOST} {state}",
        edition=published.edition,
        theme=published.theme,
        collectivities=[own, *published.collectivities.all()],
        domains=[make.make_domain(f"Domaine {SECRET}"), *published.domains.all()],
        methods=[use.method for use in published.method_uses.confirmed()],
        state=state,
        texts=dict.fromkeys(Section.CORE_KINDS, f"<p>{SECRET} {LOST}</p>"),
        summary_asked=SECRET,
        editor_note=SECRET,
    )
    add_parts(mission, f"{SECRET} {state}")
    return mission


def make_elsewhere() -> Mission:
    """A draft alone in its theme, its book and its town."""
    edition = make.make_edition(2018)
    edition.title = f"Recueil {SECRET}"
    edition.save()
    place = make.make_collectivity(f"Village {SECRET}")
    theme = make.make_theme(f"Thème {SECRET}", 4)
    mission = make.make_mission(
        f"Ailleurs {SECRET}", edition=edition, theme=theme, collectivities=[place], state=State.DRAFT
    )
    resource = Resource.objects.create(kind="article", title="Article public", slug="publique")
    resource.missions.add(mission)
    resource.collectivities.add(place)
    return mission


def make_working_copy(published: Mission) -> Mission:
    """The copy that an editor works in, with the secret word in everything that it changes or adds."""
    copy, _ = working_copies.open_copy(published)
    copy.title, copy.summary_done, copy.slug = f"Copie {SECRET} {LOST}", SECRET, f"copie-{SECRET}"
    copy.theme = make.make_theme(f"Thème {SECRET} copie", 5)
    copy.save()
    copy.domains.add(make.make_domain(f"Domaine {SECRET} copie"))
    copy.sections.update(body=f"<p>{SECRET} {LOST}</p>")
    copy.key_figures.update(label=SECRET)
    copy.testimonials.update(text=f"<p>{SECRET}</p>")
    copy.method_uses.update(outcome=SECRET)
    MethodExtract.objects.filter(use__mission=copy).update(text=SECRET)
    person = make.make_person("Copie", SECRET, promotion=make.make_promotion(f"Promotion {SECRET} copie"))
    make.add_author(copy, person, position=9)
    make.add_tutor(copy, make.make_person("Copie", SECRET), job_title=SECRET, position=9)
    place = make.make_collectivity(f"Ville {SECRET} copie", region=make.make_region(f"Région {SECRET} copie", "98"))
    MissionCollectivity.objects.create(mission=copy, collectivity=place, position=9)
    return copy


# ------------------------------------------------------------------------------------------------- images and files


def add_cover(mission: Mission, red: int) -> None:
    """A private original and its public copy, of a colour of its own, under names that bear the secret."""
    out = BytesIO()
    Image.new("RGB", (40 + red, 30), (red, 20, 90)).save(out, "PNG")
    mission.cover.save(f"{SECRET}-{red}.png", ContentFile(out.getvalue()), save=False)
    mission.cover_alt = SECRET if mission.state != State.PUBLISHED else "Une image publique"
    mission.save()
    images.renew_public_cover(mission)


def bytes_of(mission: Mission) -> set[bytes]:
    return {Path(file.path).read_bytes() for file in (mission.cover, mission.cover_public) if file}


# ------------------------------------------------------------------------------------------------- all of it


@dataclass
class World:
    published: Mission
    hidden: list[Mission]
    copy: Mission
    elsewhere: Mission
    edition: Edition
    masked: Person
    binned: list[BinItem]
    batch: ImportBatch
    images: set[bytes]
    files: list[str]

    def seen_in(self, response: Any, asked: str, words: tuple[str, ...] = (SECRET, LOST, MASKED, OTTER)) -> list[str]:
        """What of the hidden things this answer shows, in its body or its headers; the address asked is no news."""
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        headers += "".join(str(cookie) for cookie in response.cookies.values())
        text = f"{headers}\n{body.decode('utf-8', 'replace')}"
        for known in {asked, asked.split("?", maxsplit=1)[0]}:
            text = text.replace(known, "").replace(unquote(known), "")
        found = [word for word in words if word in text.lower()]
        return found + ["image" for image in self.images if image in body]


def make_world() -> World:
    """Everything of the leak tests; MEDIA_ROOT must be the test's own."""
    boss = User.objects.create_user(
        "chef", f"{OTTER}@exemple.fr", first_name="Chef", last_name="Exemple", is_staff=True
    )
    SiteIdentity.objects.create(name="Regards croisés")
    SearchSynonym.objects.create(group=1, text=f"mot {SECRET}")
    make.make_department(f"Département {SECRET}", "99")
    published = make_published()
    add_cover(published, 1)
    hide_things_in(published)
    hidden = [make_hidden(published, state) for state in (State.DRAFT, State.REVIEW, State.ARCHIVED)]
    for red, mission in enumerate(hidden, start=2):
        add_cover(mission, red)
    masked = make.make_person("Élève", MASKED, display_mode="masque", email=f"{MASKED}@exemple.fr", aliases=[MASKED])
    for mission in (published, hidden[0]):
        make.add_author(mission, masked, 7)
        make.add_tutor(mission, masked, position=7)
        told = parts.Testimonial.objects.filter(mission=mission).first()
        Speaker.objects.create(testimonial=told, position=7, person=masked, last_name=MASKED)
    FormerAddress.objects.create(slug=FORMER, mission=hidden[2])
    elsewhere = make_elsewhere()
    copy = make_working_copy(published)
    add_cover(copy, 9)
    record([published, *hidden, elsewhere, copy], boss, f"Motif {SECRET}")
    journal(boss, hidden[0], f"Motif {SECRET}")
    journal(boss, masked, f"Motif {MASKED}")

    gone = make_hidden(published, State.PUBLISHED)
    add_cover(gone, 12)
    person = make.make_person("Partie", SECRET, email=f"{SECRET}-partie@exemple.fr")
    kept = [gone, person]
    shown_of_gone = bytes_of(gone)
    binned = bin.throw(kept, boss)
    record([gone], boss)
    for thing in kept:
        thing.delete()

    coming = make.make_edition(2031)
    coming.title, coming.publish_at = f"À paraître {SECRET}", timezone.now() + timedelta(days=3)
    coming.printer_pdf.save(f"{SECRET}.pdf", ContentFile(PRINTED), save=False)
    coming.save()
    theme = make.make_theme(edition=coming)
    hidden.append(
        make.make_mission(f"Bientôt {SECRET} {LOST}", edition=coming, theme=theme, state=State.REVIEW, number=1)
    )
    batch = ImportBatch.objects.create(user=boss, state=ImportBatch.State.APPLIED, document={"title": SECRET})
    file = ImportedFile.objects.create(batch=batch, name=f"{SECRET}.docx", checksum="0" * 64, size=1)
    proposal = {"title": f"Fiche {SECRET}"}
    ImportedMission.objects.create(
        batch=batch, file=file, position=1, outcome="creee", proposal=proposal, mission=hidden[0]
    )
    search.reindex([published, *hidden, elsewhere, copy])
    own = Path(published.cover_public.path).read_bytes()
    secret = set.union(shown_of_gone, bytes_of(published), *(bytes_of(one) for one in (*hidden, copy))) - {own}
    root = Path(settings.MEDIA_ROOT)
    files = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    return World(
        published=published,
        hidden=hidden,
        copy=copy,
        elsewhere=elsewhere,
        edition=coming,
        masked=masked,
        binned=binned,
        batch=batch,
        images={*secret, PRINTED},
        files=files,
    )

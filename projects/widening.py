"""What to offer when nothing answers: the same search with less asked, what is nearest, and whom to write to."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from urllib.parse import quote, urlencode

from casebook.models import SiteIdentity
from casebook.text import NBSP
from projects import search
from projects.facets import FACETS, Chosen, narrowed
from projects.models import Domain, Method, Mission
from projects.search.memory import Memory
from projects.selection import Selection, quoted

MAX_WORDS = 6
EVERYWHERE = "dans toutes les rubriques"
MISSIONS = 3
_NEAR = 0.5
_ALIKE = 0.8


@dataclass(frozen=True)
class Offer:
    """A link that does give missions, and how many."""

    label: str
    url: str
    count: int


@dataclass(frozen=True)
class Wider:
    searches: list[Offer]
    nearest: list[Offer]
    missions: list[Mission]
    proposal_url: str


def wider(selection: Selection) -> Wider:
    """For a selection without result. The number of queries depends on the words asked, never on the missions."""
    email = SiteIdentity.current().contact_email
    return Wider(
        searches=[*_fewer_filters(selection), *_fewer_words(selection)],
        missions=_missions(selection),
        nearest=_nearest(search.words_of(selection.query)[:MAX_WORDS], selection.memory),
        proposal_url=proposal_url(email, selection.query) if email else "",
    )


def _missions(selection: Selection) -> list[Mission]:
    """Those that have some of the words, whatever the filters. One query."""
    pks = selection.answer.nearest(MISSIONS)
    found = Mission.objects.published().for_lines().in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def proposal_url(email: str, query: str) -> str:
    """« Proposer ce sujet à l’INET »: opens the reader's own mail program; nothing is sent or stored here."""
    subject = f"Proposition de sujet{NBSP}: {query}" if query else "Proposition de sujet"
    about = f" sur {quoted(query)}" if query else ""
    body = (
        f"Bonjour,\n\nJe n’ai pas trouvé de mission{about} dans le catalogue. Ce sujet intéresse notre collectivité."
        f"\n\nNotre collectivité{NBSP}:\nNotre question{NBSP}:\nPour être recontacté{NBSP}:\n"
    )
    return f"mailto:{quote(email, safe='@')}?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"


def _fewer_filters(selection: Selection) -> list[Offer]:
    """Without each filter in turn, « chercher dans » too, then without any."""
    answer, chosen = selection.answer, selection.chosen
    within = selection.within if selection.query else []
    active = [parameter for parameter, values in chosen.items() if values]
    what = quoted(selection.query) if selection.query else "Les autres filtres"
    offers: list[tuple[str, Chosen, list[str]]] = []
    for parameter in active:
        kept = {name: values for name, values in chosen.items() if name != parameter}
        offers.append((f"{what} {FACETS[parameter].everywhere}", kept, within))
    if within:
        offers.append((f"{what} {EVERYWHERE}", chosen, []))
    if len(offers) > 1 or not selection.query:
        offers = offers if len(offers) > 1 else []
        offers.append((f"{what} sans aucun filtre" if selection.query else "Toutes les missions", {}, []))
    return [
        Offer(label, selection.url(chosen=kept, within=fields), count)
        for label, kept, fields in offers
        if (count := int(narrowed(selection.memory, answer.found if fields else answer.found_everywhere, kept).sum()))
    ]


def _fewer_words(selection: Selection) -> list[Offer]:
    """Without each word in turn, under the same filters or else without any: one query a word."""
    words = selection.query.split()
    if not 2 <= len(words) <= MAX_WORDS:
        return []
    offers: dict[tuple[str, ...], Offer] = {}
    for left_out in range(len(words)):
        query = " ".join(words[:left_out] + words[left_out + 1 :])
        answer = search.search(query, within=selection.within_bits, memory=selection.memory)
        filtered = narrowed(selection.memory, answer.found, selection.chosen)
        if not answer.found_everywhere.any():
            continue
        if filtered.any():
            how, kept, within = " avec ces filtres", selection.chosen, selection.within
        else:
            how, kept, within = " sans aucun filtre", {}, []
        offer = Offer(
            f"{quoted(query)}{how if selection.is_filtered else ''}",
            selection.url(query=query, chosen=kept, within=within),
            int(filtered.sum() or answer.found_everywhere.sum()),
        )
        offers.setdefault(tuple(search.words_of(query)), offer)
    return list(offers.values())


@dataclass(frozen=True)
class _Subject:
    """A domain or a method: the words of its names, and those that tell it."""

    name: str
    value: str
    named: frozenset[str]
    told: frozenset[str]

    @classmethod
    def of(cls, row: Domain | Method, names: Iterable[str], text: str = "") -> "_Subject":
        named = frozenset(word for name in names for word in search.words_of(name))
        return cls(row.name, row.slug, named, frozenset(search.words_of(text)))

    def closeness(self, words: list[str]) -> float:
        """How well each word is met, in all; a word of a name counts double."""
        return sum(
            max((*(2 * _alike(word, n) for n in self.named), *(_alike(word, t) for t in self.told), 0.0))
            for word in words
        )


def _subjects() -> dict[str, list[_Subject]]:
    """By parameter. Two queries."""
    methods = Method.objects.order_by("name", "pk")
    return {
        "domaine": [_Subject.of(row, [row.name], row.description) for row in Domain.objects.order_by("name", "pk")],
        "methode": [_Subject.of(row, [row.name, *row.synonyms]) for row in methods],
    }


def _nearest(words: list[str], memory: Memory) -> list[Offer]:
    """The domain and the method whose words are the closest to those of the query, when they are close at all."""
    if not words:
        return []
    offers = []
    subjects = memory.remember("subjects", _subjects)
    for parameter, noun in (("domaine", "Domaine"), ("methode", "Méthode")):
        used = memory.values.get(parameter, {})
        scored = ((row.closeness(words), row) for row in subjects[parameter] if row.value in used)
        score, nearest = max(scored, key=lambda row: row[0], default=(0.0, None))
        if nearest is not None and score >= _NEAR:
            count = int(memory.public_counts[used[nearest.value].row])
            offers.append(Offer(f"{noun}{NBSP}: {nearest.name}", f"?{urlencode({parameter: nearest.value})}", count))
    return offers


def _alike(one: str, other: str) -> float:
    """1 for the same word, less for a typing slip or a common beginning of five letters, else 0."""
    if one == other:
        return 1.0
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    if common >= 5:
        return common / max(len(one), len(other))
    if one[0] != other[0] or abs(len(one) - len(other)) > 2 or min(len(one), len(other)) < 4:
        return 0.0
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio if ratio >= _ALIKE else 0.0

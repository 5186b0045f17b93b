"""The extracts that a reader keeps: a list of numbers in the address, and their quotations in this order.

The browser may keep the same list (static/js/extracts.js); the site keeps nothing of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from casebook.text import NBSP
from projects.evidence import Extract, shown
from projects.models import Method, MethodExtract, Mission

PARAMETER = "e"
MOST = 50
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Basket:
    """The numbers of an address, each once, in order; `dropped` are the values that are no number or are too many."""

    numbers: list[int] = field(default_factory=list)
    dropped: int = 0

    @classmethod
    def asked(cls, data: QueryDict) -> "Basket":
        values = list(dict.fromkeys(data.getlist(PARAMETER)))
        numbers = [int(value) for value in values if _NUMBER.fullmatch(value)][:MOST]
        return cls(numbers, len(values) - len(numbers))

    @property
    def url(self) -> str:
        return address(self.numbers)

    @property
    def carried(self) -> str:
        """The parameters of the list, each with its « & »: what the number of one more extract follows."""
        return "".join(f"{PARAMETER}={number}&" for number in self.numbers)


def address(numbers: Iterable[int]) -> str:
    query = urlencode([(PARAMETER, number) for number in numbers])
    return f"{reverse('extracts')}?{query}" if query else reverse("extracts")


@dataclass(frozen=True)
class Kept:
    """An extract of the list and the addresses of the lists that a move or its removal gives (empty: no such move)."""

    extract: Extract
    mission: Mission
    method: Method
    role: str
    up: str
    down: str
    removed: str


@dataclass(frozen=True)
class ExtractsPage:
    """The list as it is shown: `basket` holds only what is public."""

    basket: Basket
    kept: list[Kept]
    notice: str

    @property
    def methods(self) -> list[Method]:
        return list(dict.fromkeys(kept.method for kept in self.kept))

    @property
    def text(self) -> str:
        """Every quotation, to copy at once."""
        return "\n\n".join(str(kept.extract.quotation) for kept in self.kept)


def extracts_page(basket: Basket, root: str) -> ExtractsPage:
    """The public extracts of the list, in its order; the others are dropped and said. Four queries."""
    rows = MethodExtract.objects.published().with_source().in_bulk(basket.numbers)
    numbers = [number for number in basket.numbers if number in rows]
    kept = []
    for place, number in enumerate(numbers):
        use = rows[number].use
        kept.append(
            Kept(
                extract=shown(rows[number], use, use.mission, root),
                mission=use.mission,
                method=use.method,
                role=use.role,
                up=address(_swapped(numbers, place - 1)) if place else "",
                down=address(_swapped(numbers, place)) if place + 1 < len(numbers) else "",
                removed=address(other for other in numbers if other != number),
            )
        )
    dropped = basket.dropped + len(basket.numbers) - len(numbers)
    return ExtractsPage(Basket(numbers, dropped), kept, _notice(dropped))


def _swapped(numbers: list[int], place: int) -> list[int]:
    """The list where the number at this place and the next one have changed places."""
    return [*numbers[:place], numbers[place + 1], numbers[place], *numbers[place + 2 :]]


def _notice(dropped: int) -> str:
    if not dropped:
        return ""
    if dropped == 1:
        return f"Un extrait demandé manque{NBSP}: il n’est pas publié, ou la liste en compte plus de {MOST}."
    return f"{dropped} extraits demandés manquent{NBSP}: ils ne sont pas publiés, ou la liste en compte plus de {MOST}."

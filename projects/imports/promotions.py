"""The lists of the promotions: their headings, their members, the corps that they share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casebook.text import letters
from projects.imports.front import name_case
from projects.imports.header import corps_of_email
from projects.imports.names import Roster, similarity, split_member, split_members
from projects.imports.records import Fiche, Member, Promotion
from projects.imports.text import Text, is_capitals
from projects.imports.vocabulary import PROMOTION_HEADING, corps_in_words

MAX_HEADING_LINES = 6
MAX_HEADING = 80  # letters
MIN_MEMBERS = 2
MAX_GAP = 4  # lines that are no member, inside a list


@dataclass(frozen=True)
class ListHeading:
    first: int
    last: int


def find_lists(text: Text, taken: set[int]) -> list[ListHeading]:
    """The headings of the lists: « PROMOTION … » in capitals (it may be cut over lines), followed by names; none of
    their lines is one of those `taken`."""
    found: list[ListHeading] = []
    named: dict[int, int] = {}  # how many members a line names
    lines = text.filled(1, text.last)
    for index, line in enumerate(lines):
        if not text.key(line).startswith("promo") or line in taken or not is_capitals(text.bare(line)):
            continue
        stop = index + 1
        while (
            stop < min(len(lines), index + MAX_HEADING_LINES)
            and lines[stop] <= lines[stop - 1] + 2
            and lines[stop] not in taken
            and is_capitals(text.bare(lines[stop]))
            and not text.key(lines[stop]).startswith("promo")
            and not split_member(text.bare(lines[stop]))
        ):
            stop += 1
        key = letters(text.joined(line, lines[stop - 1]))
        if not PROMOTION_HEADING.match(key) or len(key) > MAX_HEADING:
            continue
        members = 0
        for number in lines[stop : stop + 8]:
            if number not in named:
                named[number] = len(split_members(text.bare(number)))
            members += named[number]
            if members >= MIN_MEMBERS:
                break
        if members >= MIN_MEMBERS:
            found.append(ListHeading(line, lines[stop - 1]))
    return found


def read_list(text: Text, heading: ListHeading, end: int, cover: Sequence[str]) -> Promotion:
    """The promotion of a list; it ends with its last member, or before a few lines that are none."""
    printed = re.sub(r"^\W*promo\W*tion\W*", "", text.joined(heading.first, heading.last), flags=re.I)
    corps = corps_in_words(printed) if re.search(r"[(–—,]", printed) else None
    name = re.split(r"\s*[(–—,]", printed)[0] if corps else printed
    likeness = {known: similarity(letters(known), letters(name)) for known in cover}
    best = max(likeness, key=lambda known: likeness[known], default=None)
    members: list[Member] = []
    last, gap = heading.last, 0
    for number in text.filled(heading.last + 1, end):
        named = split_members(text.bare(number))
        if named:
            members += named
            last, gap = number, 0
            continue
        if not members:
            corps = corps or corps_in_words(text.bare(number))
        gap += 1
        if gap > MAX_GAP:
            break
    official = best if best and likeness[best] >= 0.8 else name_case(name)
    return Promotion(official, corps, tuple(members), ((heading.first, last),))


def with_corps(promotions: Sequence[Promotion], fiches: Sequence[Fiche]) -> list[Promotion]:
    """The same promotions with the corps of most of their members, told by e-mails or printed words."""
    roster = Roster(promotions)
    told: dict[str, dict[str, int]] = {}
    for fiche in fiches:
        for author in fiche.authors:
            match = roster.find(author.first_name, author.last_name)
            corps = corps_of_email(author.email) or author.corps
            if match and corps:
                votes = told.setdefault(match[0].name, {})
                votes[corps] = votes.get(corps, 0) + 1
    return [
        replace(promotion, corps=promotion.corps or (max(votes, key=lambda corps: votes[corps]) if votes else None))
        for promotion in promotions
        for votes in [told.get(promotion.name, {})]
    ]

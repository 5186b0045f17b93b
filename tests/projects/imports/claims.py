"""Who claims each line of a source in the importer's JSON: the contract wants every filled line claimed once."""

from collections import defaultdict
from typing import Any


def faults(result: dict[str, Any], source: str) -> list[str]:
    """The lines that nobody claims, or that two parts do; captions may stand in the body of their own fiche."""
    claims: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    asides: dict[int, int] = {}

    def claim(owner: tuple[Any, ...], first: int, last: int) -> None:
        for number in range(first, last + 1):
            claims[number].add(owner)

    for kind in ("parts", "unplaced"):
        for index, part in enumerate(result["document"][kind]):
            claim((kind, index), *part["lines"])
    for index, mission in enumerate(result["missions"]):
        for span in mission["header_lines"]:
            claim(("head", index), *span)
        for rank, section in enumerate(mission["sections"]):
            heading = section["heading_line"]
            for number in heading if isinstance(heading, list) else [heading]:
                claim(("section", index, rank), number, number)
            for span in section["body_lines"]:
                claim(("section", index, rank), *span)
        for piece in mission["non_body"]:
            asides |= dict.fromkeys(range(piece["lines"][0], piece["lines"][1] + 1), index)

    found = []
    for number, words in enumerate(source.split("\n"), start=1):
        owners = claims.get(number, set())
        wanted = 0 if not words.strip().strip("\ufeff\u200b\u00ad").strip() else 1
        aside = asides.get(number)
        if aside is not None and all(owner[:2] == ("section", aside) for owner in owners):
            continue
        if len(owners) > 1 or len(owners) < wanted or aside is not None:
            found.append(f"line {number} {words[:40]!r}: {sorted(map(str, owners))} aside {aside}")
    return found


def is_of_contract(result: dict[str, Any]) -> bool:
    """Whether the result has the keys of the contract, and nothing but plain values under them."""
    document = {"title", "subtitle", "school_year", "published", "publisher", "themes", "promotions", "promotion_corps"}
    document |= {"promotion_members", "parts", "unplaced", "warnings"}
    mission = {"number", "theme", "title", "page", "collectivities", "authors", "tutors_heading", "tutors"}
    mission |= {"header_lines", "sections", "testimonials", "key_figures", "references", "non_body", "warnings"}
    section = {"kind", "heading_as_printed", "heading_line", "body_lines", "text", "empty"}
    return (
        set(result) == {"document", "missions"}
        and set(result["document"]) == document
        and all(set(m) == mission for m in result["missions"])
        and all(set(s) == section for m in result["missions"] for s in m["sections"])
        and all(s["empty"] == (not s["body_lines"]) for m in result["missions"] for s in m["sections"])
        and all(w["code"] and w["message"].endswith(".") for m in result["missions"] for w in m["warnings"])
    )

"""The methods that the tagging proposes for the shared corpus, compared with the gold: pairs, roles, sections.

    .venv/bin/python -m tests.benchmarks.bench_tagging [--fiches 1,5,9] [--proposals]

Imports `../shared/corpus/recueil-2019.md` in a temporary database, proposes for each fiche, and compares with
`../shared/gold/recueil-2019-odd.json`: same (mission, method); what the gold calls debatable counts neither way. Role
and section of the evidence are counted among the right pairs. The rules were first written with the fiches whose number
leaves 1 when divided by 4 in sight, then checked on those that leave 3: both halves are reported. `--proposals` lists
what is proposed, for fiches without gold too.
"""

import argparse
import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"
ROLES = {"utilisee": "utilisée", "preconisee": "préconisée"}


@dataclass
class Score:
    right: int = 0
    wanted: int = 0
    proposed: int = 0
    role: int = 0
    section: int = 0
    misses: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        return (
            f"{name:13} recall {_share(self.right, self.wanted)}  precision {_share(self.right, self.proposed)}  "
            f"role {_share(self.role, self.right)}  section {_share(self.section, self.right)}"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "–"


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casebook.settings")
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/tagging.sqlite3"
    import django

    django.setup()
    from django.core.management import call_command

    from projects import reference

    call_command("migrate", verbosity=0)
    reference.load_methods(reference.FOLDER / "methods.json")


def score_corpus(only: set[int] | None = None, tell: bool = False) -> dict[str, Score]:
    """Import the corpus in the database at hand, which holds the methods, and compare with the gold."""
    from projects.imports.apply import apply
    from projects.imports.reading import read
    from projects.imports.recueil import read_book
    from projects.tagging.waiting import Reader, for_tagging

    apply(read_book(read(SHARED / "corpus" / "recueil-2019.md")), publish=True)
    gold = json.loads((SHARED / "gold" / "recueil-2019-odd.json").read_text(encoding="utf-8"))
    wanted = {mission["number"]: mission["methods"] for mission in gold["missions"]}
    reader = Reader()
    scores = {"written with": Score(), "kept aside": Score(), "all": Score()}
    for mission in for_tagging():
        if only and mission.number not in only:
            continue
        proposals = reader.proposals(mission)
        if tell:
            show(mission, proposals)
        if mission.number in wanted:
            half = "written with" if mission.number % 4 == 1 else "kept aside"
            for score in (scores[half], scores["all"]):
                compare(mission, proposals, wanted[mission.number], score)
    return scores


def compare(mission: Any, proposals: Iterable[Any], wanted: list[dict[str, Any]], score: Score) -> None:
    from casebook.text import slug

    left = {slug(entry["name"]): entry for entry in wanted}
    for proposal in proposals:
        entry = left.pop(proposal.key, None)
        proof = proposal.proofs[0]
        if entry is None:
            score.proposed += 1
            score.false.append(f"{mission.number:02} {proposal.key} [{proof.part.kind}] « {proof.words} »")
        elif not entry.get("debatable"):
            score.proposed += 1
            score.wanted += 1
            score.right += 1
            places = sections_of(mission, entry["evidence"])
            same_role, same_section = ROLES[proposal.role] == entry["role"], not places or proof.part.kind in places
            score.role += same_role
            score.section += same_section
            if not same_role:
                score.otherwise.append(f"{mission.number:02} {proposal.key}: {ROLES[proposal.role]}")
            if not same_section:
                found = ", ".join(sorted(places))
                score.otherwise.append(f"{mission.number:02} {proposal.key}: {proof.part.kind} for {found}")
    for key, entry in left.items():
        if not entry.get("debatable"):
            score.wanted += 1
            score.misses.append(f"{mission.number:02} {key} [{entry['role']}]")


def sections_of(mission: Any, evidence: str) -> set[str]:
    """The kinds of the parts that hold the evidence of the gold."""
    from casebook.text import letters
    from projects.tagging.waiting import parts_of

    wanted = letters(evidence)
    return {str(part.kind) for part in parts_of(mission) if wanted in letters(part.text)}


def show(mission: Any, proposals: Iterable[Any]) -> None:
    print(f"== {mission}")
    for proposal in proposals:
        flag = ", intention only" if proposal.is_intention else ""
        print(f"  {proposal.key} ({ROLES[proposal.role]}{flag})")
        for proof in proposal.proofs[:2]:
            print(f"      [{proof.part.kind}] « {proof.words} » : {proof.text[:260]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--fiches", help="numbers, with commas between")
    parser.add_argument("--proposals", action="store_true", help="list what is proposed")
    options = parser.parse_args()
    set_up()
    only = {int(number) for number in options.fiches.split(",")} if options.fiches else None
    scores = score_corpus(only, options.proposals)
    for name, score in scores.items():
        print(score.line(name))
    every = scores["all"]
    for title, lines in (
        ("Missed", every.misses),
        ("Proposed, not in the gold", every.false),
        ("Another role or section", every.otherwise),
    ):
        print(f"\n{title}", *(lines or ["none"]), sep="\n  ")


if __name__ == "__main__":
    main()

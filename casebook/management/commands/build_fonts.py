"""Cut the web fonts of `static/fonts/` out of their full source files.

Run by hand when a family changes: `static/fonts/README.md` says where the sources come from.
"""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Latin-1 and Latin Extended-A, then what French typography and these texts add to them.
ASCII = range(0x20, 0x7F)
LATIN = (ASCII, range(0xA0, 0x180))
EXTRAS = "\u2009\u202f\u2011–—‘’“”„•…‹›€™−×÷←↑→↓ᵉʳˢ№"
FEATURES = ("kern", "liga", "ccmp", "mark", "lnum", "tnum", "frac", "sups", "ordn", "case", "locl")
FIGURES = " \u00a0\u202f«»°²³½×−–’€…ÀÂÇÉÈÊÎÔÛàâçéèêëîïôùûüœ"
NARROW_NO_BREAK_SPACE = 0x202F
COPYRIGHT_AND_LICENCE = (0, 13, 14)


@dataclass(frozen=True)
class Cut:
    """One file to make: the source it takes, its names, and where it stands on the axes."""

    file_name: str
    source: str
    family: str
    style: str
    axes: tuple[tuple[str, float], ...] = ()
    figures_only: bool = False


CUTS = (
    Cut("chiffre.woff2", "display", "Casebook Chiffre", "ExtraBold", (("opsz", 96), ("wdth", 75), ("wght", 800)), True),
    Cut("titre.woff2", "display", "Casebook Titre", "Bold", (("opsz", 40), ("wdth", 86), ("wght", 700))),
    Cut("ui-400.woff2", "sans_regular", "Casebook Ui", "Regular"),
    Cut("ui-600.woff2", "sans_semibold", "Casebook Ui", "SemiBold"),
    Cut("texte-400.woff2", "serif_regular", "Casebook Texte", "Regular"),
    Cut("texte-400-italic.woff2", "serif_italic", "Casebook Texte", "Italic"),
    Cut("texte-600.woff2", "serif_semibold", "Casebook Texte", "SemiBold"),
)


class Command(BaseCommand):
    help = "Cut the web fonts (static/fonts/*.woff2) out of their source files. Needs fonttools and brotli."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sans-regular", type=Path, required=True, metavar="TTF")
        parser.add_argument("--sans-semibold", type=Path, required=True, metavar="TTF")
        parser.add_argument("--serif-regular", type=Path, required=True, metavar="TTF")
        parser.add_argument("--serif-italic", type=Path, required=True, metavar="TTF")
        parser.add_argument("--serif-semibold", type=Path, required=True, metavar="TTF")
        parser.add_argument(
            "--display",
            type=Path,
            required=True,
            nargs="+",
            metavar="WOFF2",
            help="variable files with opsz, wdth and wght axes, merged in this order (latin, latin-ext)",
        )
        parser.add_argument("--out", type=Path, default=settings.BASE_DIR / "static" / "fonts", metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        total = 0
        for cut in CUTS:
            given = options[cut.source]
            paths: list[Path] = given if isinstance(given, list) else [given]
            missing = [str(path) for path in paths if not path.is_file()]
            if missing:
                raise CommandError(f"No such font file: {', '.join(missing)}")
            target = out / cut.file_name
            save(cut_font(cut, paths), target)
            total += target.stat().st_size
            self.stdout.write(f"{cut.file_name:24} {target.stat().st_size / 1000:5.1f} kB")
        self.stdout.write(f"{'total':24} {total / 1000:5.1f} kB")


def cut_font(cut: Cut, paths: list[Path]) -> TTFont:
    """The font of one cut: instanced, merged, subset, completed and renamed, still in memory."""
    from fontTools.ttLib import TTFont

    fonts = [TTFont(path, recalcTimestamp=False) for path in paths]
    if cut.axes:
        fonts = [instance(font, dict(cut.axes)) for font in fonts]
    font = fonts[0] if len(fonts) == 1 else merge(fonts)
    subset(font, figure_characters() if cut.figures_only else text_characters())
    if NARROW_NO_BREAK_SPACE not in font.getBestCmap():
        add_narrow_no_break_space(font)
    rename(font, cut.family, cut.style)
    return font


def instance(font: TTFont, axes: dict[str, float]) -> TTFont:
    from fontTools.varLib.instancer import instantiateVariableFont

    return instantiateVariableFont(font, axes, inplace=True)


def merge(fonts: list[TTFont]) -> TTFont:
    """Add to the first font the characters of the others. The merger reads files, hence the folder."""
    from tempfile import TemporaryDirectory

    from fontTools.merge import Merger

    with TemporaryDirectory() as folder:
        paths = [f"{folder}/{position}.ttf" for position in range(len(fonts))]
        for font, path in zip(fonts, paths, strict=True):
            font.flavor = None
            font.save(path)
        return Merger().merge(paths)


def text_characters() -> set[int]:
    return {code for block in LATIN for code in block} | {ord(character) for character in EXTRAS}


def figure_characters() -> set[int]:
    """Fiche numbers and key figures: « 550 000 », « 20 mois », « 1,5 M€ »."""
    return set(ASCII) | {ord(character) for character in FIGURES}


def subset(font: TTFont, characters: set[int]) -> None:
    from fontTools.subset import Options, Subsetter

    options = Options()
    options.layout_features = list(FEATURES)
    options.name_IDs = list(COPYRIGHT_AND_LICENCE)
    options.hinting = False
    options.drop_tables = [*options.drop_tables, "STAT"]  # describes a family of styles that is not there
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def add_narrow_no_break_space(font: TTFont) -> None:
    """French puts U+202F before « ; ! ? »: without a glyph the browser would take it from another family."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    name = "uni202F"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = Glyph()
    font["hmtx"][name] = (round(font["hmtx"][font.getBestCmap()[0x20]][0] * 0.95), 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[NARROW_NO_BREAK_SPACE] = name


def rename(font: TTFont, family: str, style: str) -> None:
    """Both licences are OFL and « Source » is a reserved name: a modified file must bear another one."""
    names = font["name"]
    version = f"Version {font['head'].fontRevision:.3f}; Casebook subset"
    texts = {1: f"{family} {style}", 2: "Regular", 4: f"{family} {style}", 16: family, 17: style, 5: version}
    texts[6] = f"{family}-{style}".replace(" ", "")
    texts[3] = f"{texts[6]};{version}"
    for identifier, text in texts.items():
        names.setName(text, identifier, 3, 1, 0x409)


def save(font: TTFont, target: Path) -> None:
    font.flavor = "woff2"
    font.save(target)

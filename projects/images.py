"""Images: what an editor sends is checked, and only a re-encoded copy without metadata is ever public."""

import warnings
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from casebook.text import NBSP, thousands

if TYPE_CHECKING:
    from projects.models import Mission

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000  # decoded, three bytes each: a small file may hold an image that fills the memory
MAX_SIDE = 1600
QUALITY = 82


def check_image(file: Any) -> None:
    """Raise ValidationError, in French, unless the file is an image that can be made public."""
    if file.size > MAX_BYTES:
        raise ValidationError("L’image dépasse 20\u00a0Mo. Réduisez-la avant de l’envoyer.")
    _open(file)


def public_version(file: IO[bytes]) -> "ContentFile[bytes]":
    """The image as JPEG of 1600 pixels at most on its longer side: upright, in RGB, without any metadata."""
    from PIL import Image, ImageOps

    image: Image.Image = ImageOps.exif_transpose(_open(file))
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", image.size, "white")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        alpha = image.convert("RGBA")
        flat.paste(alpha, mask=alpha.getchannel("A"))
    else:
        flat.paste(image.convert("RGB"))
    out = BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return ContentFile(out.getvalue())


def renew_public_cover(mission: "Mission") -> None:
    """Make the public image of the mission again from its private original, or drop it; the old file goes on commit."""
    old = mission.cover_public.name
    if mission.cover:
        with mission.cover.open("rb") as original:
            content = public_version(original)
        mission.cover_public.save(f"{mission.slug}-{uuid4().hex[:8]}.jpg", content, save=False)
    else:
        mission.cover_public = ""
    mission.save(update_fields=["cover_public"])
    forget_public(old)


def forget_public(name: str | None) -> None:
    """Delete a public image on commit, unless a mission shows it: a working copy shares that of its mission."""
    from projects.models import Mission

    def delete() -> None:
        if name and not Mission.objects.filter(cover_public=name).exists():
            Mission._meta.get_field("cover_public").storage.delete(name)

    transaction.on_commit(delete)


def _open(file: Any) -> Any:
    """The decoded image, or ValidationError. The dimensions are read before any pixel."""
    from PIL import Image

    unreadable = "Ce fichier n’est pas une image JPEG, PNG ou WebP lisible."
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError:
        raise ValidationError(_too_large()) from None
    except (OSError, SyntaxError, ValueError):
        raise ValidationError(unreadable) from None
    if image.width * image.height > MAX_PIXELS:
        raise ValidationError(_too_large())
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError):
        raise ValidationError(unreadable) from None
    return image


def _too_large() -> str:
    return f"L’image compte plus de {thousands(MAX_PIXELS // 1_000_000)}{NBSP}millions de pixels. Réduisez-la."

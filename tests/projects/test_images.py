from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from projects import images, workflow, working_copies
from tests import factories, forms

_ORIENTATION, _GPS, _ARTIST = 0x0112, 0x8825, 0x013B


def photo(size: tuple[int, int] = (2400, 1200), format_: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """A photo taken sideways by a telephone: red above, blue below once upright, with its place and its author."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    exif[_ARTIST] = "Une personne"
    exif.get_ifd(_GPS)[1] = "N"
    out = BytesIO()
    image.save(out, format_, exif=exif, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_public_version_is_upright_small_and_without_metadata() -> None:
    public = Image.open(BytesIO(images.public_version(upload(photo())).read()))

    assert (public.format, public.mode, public.size) == ("JPEG", "RGB", (800, 1600))
    assert dict(public.getexif()) == {}
    assert "icc_profile" not in public.info
    assert public.getpixel((400, 100))[0] > 200
    assert public.getpixel((400, 1500))[2] > 200


@pytest.mark.parametrize(("format_", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK")])
def test_public_version_of_any_accepted_format_is_a_jpeg(format_: str, mode: str) -> None:
    content = BytesIO()
    Image.new(mode, (60, 40)).save(content, format_)

    public = Image.open(BytesIO(images.public_version(upload(content.getvalue())).read()))

    assert (public.format, public.mode, public.size) == ("JPEG", "RGB", (60, 40))


def _bomb(side: int) -> bytes:
    content = BytesIO()
    Image.new("1", (side, side)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"pas une image", "Ce fichier n’est pas une image JPEG, PNG ou WebP lisible."),
        (b"", "Ce fichier n’est pas une image JPEG, PNG ou WebP lisible."),
        (photo()[:2000], "Ce fichier n’est pas une image JPEG, PNG ou WebP lisible."),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00", "Ce fichier n’est pas une image JPEG, PNG ou WebP lisible."),
        (_bomb(8_000), "L’image compte plus de 50\u00a0millions de pixels. Réduisez-la."),
        (_bomb(14_000), "L’image compte plus de 50\u00a0millions de pixels. Réduisez-la."),
    ],
    ids=["text", "empty", "cut", "gif", "large", "bomb"],
)
def test_bad_image_is_refused_in_french(content: bytes, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        images.check_image(upload(content))

    assert refused.value.messages == [message]


def test_image_over_20_megabytes_is_refused() -> None:
    file = upload(photo())
    file.size = images.MAX_BYTES + 1

    with pytest.raises(ValidationError) as refused:
        images.check_image(file)

    assert refused.value.messages == ["L’image dépasse 20\u00a0Mo. Réduisez-la avant de l’envoyer."]


@pytest.mark.django_db
def test_cover_sent_in_the_form_is_public_without_metadata_and_its_original_private(
    admin_client: Client, client: Client, private_files: Path
) -> None:
    mission = factories.make_draft()
    url = reverse("admin:projects_mission_change", args=[mission.pk])
    original = photo()
    data = forms.form_data(admin_client.get(url).text, "mission_form")

    admin_client.post(url, data | {"cover": upload(original), "cover_alt": ["Deux aplats"]})

    mission.refresh_from_db()
    workflow.publish(mission)
    public = client.get(reverse("mission_cover", args=[mission.slug]))
    assert dict(Image.open(BytesIO(public.getvalue())).getexif()) == {}
    stored = reverse("admin:projects_mission_original", args=[mission.pk])
    assert client.get(stored).status_code == 302
    assert admin_client.get(stored).getvalue() == original
    assert stored in admin_client.get(url).text


@pytest.mark.django_db
def test_cleared_cover_leaves_no_public_image(
    admin_client: Client, private_files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    mission = factories.make_draft(cover_decorative=True)
    url = reverse("admin:projects_mission_change", args=[mission.pk])
    data = forms.form_data(admin_client.get(url).text, "mission_form")
    admin_client.post(url, data | {"cover": upload(photo())})

    data = forms.form_data(admin_client.get(url).text, "mission_form")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(url, data | {"cover-clear": "on"})

    mission.refresh_from_db()
    assert (mission.cover.name, mission.cover_public.name) == ("", "")
    assert list((private_files / "images").iterdir()) == []


@pytest.mark.django_db
def test_image_of_a_working_copy_leaves_that_of_the_mission_until_it_is_published(
    private_files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    mission = factories.make_mission(cover_decorative=True)
    mission.cover.save("a.jpg", ContentFile(photo()))
    images.renew_public_cover(mission)
    copy, _ = working_copies.open_copy(mission)
    with django_capture_on_commit_callbacks(execute=True):
        copy.cover.save("b.jpg", ContentFile(photo()))
        images.renew_public_cover(copy)
    shown = [Path(name).name for name in (mission.cover_public.name, copy.cover_public.name)]
    assert {file.name for file in (private_files / "images").iterdir()} == set(shown)

    with django_capture_on_commit_callbacks(execute=True):
        mission = workflow.publish(copy)

    assert Path(mission.cover_public.name).name == shown[1]
    assert [file.name for file in (private_files / "images").iterdir()] == [shown[1]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"cover": upload(photo())}, "Décrivez l’image en une phrase"),
        ({"cover": upload(b"rien"), "cover_alt": "Rien"}, "Ce fichier n’est pas une image"),
        ({"cover": upload(photo(), "photo.html"), "cover_alt": "Rien"}, "L&#x27;extension de fichier"),
    ],
    ids=["no alternative", "no image", "other extension"],
)
def test_cover_that_may_not_be_shown_is_refused(
    admin_client: Client, private_files: Path, sent: dict[str, Any], error: str
) -> None:
    mission = factories.make_draft()
    url = reverse("admin:projects_mission_change", args=[mission.pk])
    data = forms.form_data(admin_client.get(url).text, "mission_form")

    page = admin_client.post(url, data | sent)

    mission.refresh_from_db()
    assert error in page.text or error.replace("&#x27;", "’") in page.text
    assert (mission.cover.name, private_files.exists()) == ("", False)


@pytest.mark.django_db
def test_refused_form_leaves_no_file_behind(admin_client: Client, private_files: Path) -> None:
    mission = factories.make_draft(methods=[factories.make_method()], cover_decorative=True)
    url = reverse("admin:projects_mission_change", args=[mission.pk])
    data = forms.form_data(admin_client.get(url).text, "mission_form")

    admin_client.post(url, data | {"cover": upload(photo()), "method_uses-0-extract_lines": ["Inventé."]})

    mission.refresh_from_db()
    assert mission.cover.name == ""
    assert [path for path in private_files.rglob("*") if path.is_file()] == []

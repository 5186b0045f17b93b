"""What a person chose on the page of conflicts, as it was sent."""

from collections.abc import Iterator

from django.http import QueryDict

from projects.admin.merging.merge import Choice

PREFIX = "merge:"


def read(data: QueryDict) -> dict[str, Choice]:
    """By place of the conflict."""
    places = {key.removeprefix(PREFIX).rsplit(":", 1)[0] for key in data if key.endswith(":seen")}
    return {
        place: Choice(
            side=data.get(f"{PREFIX}{place}:side", ""),
            seen=data.get(f"{PREFIX}{place}:seen", ""),
            own=tuple(data.getlist(f"{PREFIX}{place}:own")),
        )
        for place in places
    }


def file_name(field: str) -> str:
    """The name of the hidden field that says which file was chosen before the page of conflicts."""
    return f"{PREFIX}{field}:file"


def carried(data: QueryDict) -> Iterator[tuple[str, str]]:
    """What goes along with the page of conflicts, to be sent again as it was."""
    for key in data:
        if key != "csrfmiddlewaretoken" and not key.startswith(PREFIX):
            for value in data.getlist(key):
                yield key, value


def clear(data: QueryDict) -> None:
    for key in [key for key in data if key.startswith(PREFIX)]:
        del data[key]

"""The address of a mission: its own among those in use and those that old links still ask for."""

from casebook.addresses import MAX_LENGTH
from casebook.text import first_free
from projects.models import FormerAddress, Mission


def free_address(wanted: str, pk: int | None = None) -> str:
    """The wanted address, or the first of `wanted-2`, `wanted-3`… that no other mission than `pk` has or ever had."""
    wanted = (wanted or "mission")[:MAX_LENGTH].strip("-")
    live = Mission.objects.filter(slug__startswith=wanted).exclude(pk=pk or 0)
    former = FormerAddress.objects.filter(slug__startswith=wanted).exclude(mission=pk or 0)
    return first_free(wanted, {*live.values_list("slug", flat=True), *former.values_list("slug", flat=True)})


def move(mission: Mission, address: str) -> None:
    """Give the mission another address (not saved); the one that it leaves leads to it for ever."""
    FormerAddress.objects.get_or_create(slug=mission.slug, defaults={"mission": mission})
    FormerAddress.objects.filter(slug=address, mission=mission).delete()
    mission.slug = address

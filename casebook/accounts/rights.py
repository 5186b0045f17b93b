"""Who may act on whose account: on those alone whose rights one has oneself, so that nobody gains any."""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

MANAGE = "auth.change_user"


def may_act_on(actor: User, person: User) -> bool:
    """Whether everything that `person` may do, `actor` may do too."""
    if actor.is_superuser or actor.pk == person.pk:
        return True
    if person.is_superuser:
        return False
    held = Permission.objects.filter(Q(group__user=person) | Q(user=person))
    return not held.exclude(pk__in=_of(actor)).exists()


def groups_to_give(actor: User) -> QuerySet[Group]:
    """The groups that give nothing which `actor` lacks."""
    groups = Group.objects.order_by("name")
    if actor.is_superuser:
        return groups
    beyond = Permission.objects.exclude(pk__in=_of(actor))
    return groups.exclude(permissions__in=beyond)


def _of(person: User) -> QuerySet[Permission]:
    return Permission.objects.filter(Q(group__user=person) | Q(user=person))


def administrators() -> QuerySet[User]:
    """Who can come in and manage accounts: those invited who have not come yet do not count."""
    app, codename = MANAGE.split(".")
    manages = Permission.objects.filter(content_type__app_label=app, codename=codename)
    holders = Q(is_superuser=True) | Q(groups__permissions__in=manages) | Q(user_permissions__in=manages)
    return User.objects.filter(holders, is_active=True, is_staff=True).exclude(password__startswith="!").distinct()  # noqa: S106


def would_be_last(person: User, groups: list[Group], is_active: bool) -> bool:
    """Whether nobody could manage accounts any more, were `person` given these groups. Locks the administrators."""
    locked = User.objects.select_for_update().filter(pk__in=list(administrators().values_list("pk", flat=True)))
    known = set(locked.values_list("pk", flat=True))
    if person.pk not in known or known - {person.pk}:
        return False
    app, codename = MANAGE.split(".")
    manages = Permission.objects.filter(content_type__app_label=app, codename=codename)
    keeps = person.is_superuser or manages.filter(Q(group__in=groups) | Q(user=person)).exists()
    return not (is_active and keeps)

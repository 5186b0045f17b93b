"""Synonyms: a group is edited whole, one term per line, and the search follows at once."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from casebook.admin import CatalogueAdmin, LinesField
from casebook.text import NBSP, NNBSP, collapse, fold, french_list, printable
from projects import search
from projects.models import Method, SearchSynonym, SynonymGroup
from projects.search.synonyms import Synonyms
from projects.search.words import stems_of, units

_NAME_LENGTH, _TERM_LENGTH = 80, 160
_MOST_TERMS = 60
_METHOD = "methode:"  # the groups that the search makes of a method and its other names


class TermsField(LinesField):
    """Terms of one group, each on its line; the same written with other accents or capitals is one."""

    def to_python(self, value: Any) -> Any:
        kept: dict[str, str] = {}
        for line in printable(value or "").split("\n"):
            if term := collapse(line):
                kept.setdefault(fold(term), term)
        return list(kept.values())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > _MOST_TERMS:
            raise forms.ValidationError(f"Un groupe a {_MOST_TERMS} termes au plus{NBSP}: celui-ci en a {len(value)}.")
        if wordless := [term for term in value if not stems_of(term)]:
            one = len(wordless) == 1
            raise forms.ValidationError(
                f"{french_list([_quoted(term) for term in wordless])} ne contien{'t' if one else 'nent'} aucun mot"
                f"{NBSP}: la recherche ne {'le trouverait' if one else 'les trouverait'} jamais. "
                f"Retirez {'cette ligne' if one else 'ces lignes'}."
            )


class SynonymGroupForm(forms.ModelForm):  # type: ignore[type-arg]
    terms = TermsField(
        label="Termes",
        help_text=f"Un mot, un sigle ou une expression par ligne. Chercher l’un trouve aussi les autres{NNBSP}; les "
        "accents, les majuscules et le pluriel ne comptent pas. Une ligne qui commence par «\u00a0→\u00a0» est un "
        "terme plus large\u00a0: les autres le trouvent, il ne trouve pas les autres.",
        validators=[MaxLengthValidator(_TERM_LENGTH)],
    )

    class Meta:
        model = SynonymGroup
        fields = ["terms", "group"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["terms"] = self.instance.terms
        if "group" in self.fields:
            self.fields["terms"].widget.attrs["rows"] = 8
            self.fields["group"].required = False
            self.fields["group"].label = "Nom du groupe"
            self.fields["group"].help_text = "Pour vous seulement. Laissez vide\u00a0: le premier terme le nommera."

    def clean_group(self) -> str:
        name = collapse(printable(self.cleaned_data["group"]))
        if not name and (terms := self.cleaned_data.get("terms")):
            name = terms[0][:_NAME_LENGTH].strip()
        if name.startswith(_METHOD):
            raise forms.ValidationError(f"Un nom de groupe ne commence pas par «{NBSP}{_METHOD}{NBSP}».")
        if SynonymGroup.objects.filter(group=name).exclude(group=self.initial.get("group", "")).exists():
            raise forms.ValidationError(
                f"Le groupe {_quoted(name)} existe déjà{NBSP}: complétez-le, ou donnez un autre nom à celui-ci."
            )
        return name


class _Groups(ChangeList):
    """The list, with the terms of the groups that it shows."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        groups = list(self.result_list)
        terms = SynonymGroup.objects.terms_of(group.group for group in groups)
        for group in groups:
            group.shown_terms = terms[group.group]
        self.result_list = groups


@admin.register(SynonymGroup)
class SynonymGroupAdmin(CatalogueAdmin):
    new_title = "Nouveau groupe de synonymes"
    form = SynonymGroupForm
    list_display = ["group", "terms"]
    search_fields = ["group", "text"]
    list_per_page = 100

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _Groups

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """`?terms=…`: « ajouter un synonyme » of a word that people look for."""
        return {"terms": collapse(printable(request.GET.get("terms", "")))[:_TERM_LENGTH]}

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        words = fold(search_term).split()
        if not words:
            return queryset, False
        texts: dict[str, str] = defaultdict(str)
        for group, text in SearchSynonym.objects.values_list("group", "text"):
            texts[group] += f" {fold(f'{group} {text}')}"
        return queryset.filter(group__in=[g for g, text in texts.items() if all(w in text for w in words)]), False

    @admin.display(description="termes")
    def terms(self, group: Any) -> str:
        return " · ".join(getattr(group, "shown_terms", None) or group.terms)

    # Writing: the admin's form and deletion pages are each one transaction

    def save_model(self, request: HttpRequest, obj: SynonymGroup, form: Any, change: bool) -> None:
        terms = form.cleaned_data["terms"]
        search.reindex_expressions(obj.keep(terms))
        for caution in cautions(obj.group, terms):
            messages.warning(request, caution)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, SynonymGroup.objects.filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        if self.keeper:
            self.keeper.deleting(request, list(queryset))
        rows = SearchSynonym.objects.filter(group__in=list(queryset.values_list("group", flat=True)))
        texts = list(rows.values_list("text", flat=True))
        rows.delete()
        search.reindex_expressions(texts)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes is each group with all its terms."""
        names = [group.group for group in objs]
        terms = SynonymGroup.objects.terms_of(names)
        told = [f"{name}{NBSP}: {', '.join(terms[name])}" for name in names]
        missing = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return told, {"groupes": len(names), "termes": sum(map(len, terms.values()))}, missing, []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if context["original"] is None:
            context["title"] = "Ajouter un groupe de synonymes"
        return super().render_change_form(request, context, *args, **kwargs)


def cautions(group: str, terms: list[str]) -> Iterator[SafeString]:
    """What may surprise in these terms, in French, each with the way to what it names.

    Two queries, and one for each group or method that is named.
    """
    synonyms = Synonyms.load()
    for term in terms:
        if all(unit.is_stopword for unit in units(term)):
            yield format_html(
                f"{{}} est un mot très courant{NBSP}: dans une recherche de plusieurs mots, il n’est pas cherché. "
                "Préférez une expression plus précise.",
                _quoted(term),
            )
        others = [other for other in synonyms.groups_of.get(stems_of(term), ()) if other != group]
        for where in map(_where, others):
            yield format_html(
                f"{{}} est aussi dans {{}}{NBSP}: le chercher trouvera ce que disent les deux.", _quoted(term), where
            )
    if len(terms) == 1:
        yield format_html("Ce groupe n’a qu’un terme{}: il n’a pas d’effet tant que vous n’en ajoutez pas.", NBSP)


def _where(group: str) -> SafeString:
    """« le groupe x », « les noms de la méthode y », with a link to it."""
    if group.startswith(_METHOD):
        method = Method.objects.get(slug=group.removeprefix(_METHOD))
        return _link("les noms de la méthode", "admin:projects_method_change", method)
    return _link("le groupe", "admin:projects_synonymgroup_change", SynonymGroup.objects.get(group=group))


def _link(kind: str, page: str, thing: models.Model) -> SafeString:
    return format_html(f'{{}} «{NBSP}<a href="{{}}">{{}}</a>{NBSP}»', kind, reverse(page, args=[thing.pk]), thing)


def _quoted(text: str) -> str:
    return f"«{NBSP}{text}{NBSP}»"

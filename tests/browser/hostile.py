"""Hostile text, and things whose every field holds some. `window.pris` is set by whatever script runs."""

from itertools import cycle
from typing import Any

from django.apps import apps
from django.db import models

from casebook.models import SiteIdentity
from casebook.richtext import RichTextField
from projects.changes import record
from projects.models import Mission, SearchSynonym
from projects.models.mission import State
from tests.projects.history.missions import full_mission

ELSEWHERE = "https://ailleurs.example"
PRIS = "window.pris=1"

TEXTS = [
    f"<script>{PRIS}</script>",
    f'"><img src=x onerror={PRIS}>',
    f"'><svg/onload={PRIS}>",
    f"</textarea></script></title></style><script>{PRIS}</script>",
    "{{ 7|add:7 }}{% debug %}{% endblock %}${7*7}",
    f"javascript:{PRIS}",
    "\u202e\u2066piégé\u2069 \u200b\ufeff à l’envers",
    "W" * 110,
    '{"a": "</script><!--<script>"}]}\\u003c\u2028\u2029',
    f'=HYPERLINK("{ELSEWHERE}/")',
    f"<base href={ELSEWHERE}/><iframe src={ELSEWHERE}/></iframe>",
    f"&lt;script&gt;{PRIS}&lt;/script&gt;&#60;img src=x onerror={PRIS}&#62;",
]

RICH = f"""<p onclick={PRIS}>Texte<script>{PRIS}</script></p><img src={ELSEWHERE}/x.png onerror={PRIS}>
<a href="javascript:{PRIS}">un</a><a href="java&#9;script:{PRIS}">deux</a><a href="data:text/html,<script>">trois</a>
<style>@import url({ELSEWHERE}/x.css);body{{display:none}}</style><link rel=stylesheet href={ELSEWHERE}/x.css>
<meta http-equiv=refresh content="0;url={ELSEWHERE}/"><base href="{ELSEWHERE}/"><object data={ELSEWHERE}/></object>
<iframe srcdoc="<script>{PRIS}</script>"></iframe><video><source onerror={PRIS}></video>
<form action={ELSEWHERE}/><input name=title autofocus onfocus={PRIS}><button>Envoyer</button></form>
<svg><script>{PRIS}</script><animate onbegin={PRIS} attributeName=x></svg><details open ontoggle={PRIS}>a</details>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={PRIS}&gt;"></table></math>
<noscript><p title="</noscript><img src=x onerror={PRIS}>"></noscript><template><script>{PRIS}</script></template>
</textarea></script><script>{PRIS}</script><table><tr><td colspan=999>{"W" * 90}</td></tr></table>
<p style="position:fixed;inset:0" id=content class=errornote>{"i" * 300}</p>
<p>{{% debug %}}{{{{ 7|add:7 }}}} \u202e\u2066à l’envers \x00&#0; &lt;script&gt;{PRIS}&lt;/script&gt;</p>"""


def full_of_hostility() -> tuple[Mission, Mission]:
    """A draft and a published mission with all their parts, and everything that they name: each text is hostile."""
    draft, public = full_mission(state=State.DRAFT), full_mission("Une autre", number=7)
    SiteIdentity.objects.create()
    SearchSynonym.objects.create(group="3", text="mot")
    texts = cycle(TEXTS)
    for app in ("people", "projects", "casebook"):
        for model in apps.get_app_config(app).get_models():
            if model._meta.proxy or model.__name__.startswith(("Search", "BinItem", "StateChange")):
                continue
            for row in model._base_manager.all():
                _spoil(row, texts)
    SearchSynonym.objects.filter(text="mot").update(text=TEXTS[0].casefold()[:60])
    draft.refresh_from_db()
    public.refresh_from_db()
    record([draft, public], why=TEXTS[0])
    return draft, public


def _spoil(row: Any, texts: Any) -> None:
    for field in row._meta.concrete_fields:
        if isinstance(field, RichTextField):
            setattr(row, field.attname, RICH)
        elif _is_free(field):
            text = f"{row.pk} {next(texts)}" if field.unique else next(texts)
            setattr(row, field.attname, text[: field.max_length])
        elif isinstance(field, models.JSONField) and isinstance(getattr(row, field.attname), list):
            setattr(row, field.attname, TEXTS[:4])
    row.save()


def _is_free(field: Any) -> bool:
    """Whether people write what they want in it."""
    if field.choices or not field.editable:
        return False
    if isinstance(field, models.SlugField | models.URLField | models.EmailField | models.FileField):
        return False
    return type(field) is models.TextField or (type(field) is models.CharField and (field.max_length or 0) >= 20)

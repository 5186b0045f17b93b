"""What every public page must hold, checked on the HTML itself."""

import re
from html.parser import HTMLParser
from itertools import pairwise

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_SHAPES = {"path", "circle"}  # closed with « /> » inside svg


class PageCheck(HTMLParser):
    """Collects what is wrong in a page: tags that do not match, repeated ids, style, scripts, images without alt."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if len(values) < len(attrs):
            self.faults.append(f"repeated attribute on {tag}: {attrs}")
        if "style" in values or tag == "style":
            self.faults.append(f"style on {tag}")
        if tag == "script" and "src" not in values:
            self.faults.append("inline script")
        if any(name.startswith("on") for name in values):
            self.faults.append(f"event attribute on {tag}")
        if tag == "img" and "alt" not in values:
            self.faults.append("img without alt")
        if identifier := values.get("id"):
            self.ids.append(identifier)
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.targets += (values.get(name) or "").split()
        if tag == "a" and (values.get("href") or "").startswith("#"):
            self.targets.append((values["href"] or "")[1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in _VOID and tag not in _SHAPES:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and tag not in _SHAPES:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag in _SHAPES:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()

    def result(self) -> list[str]:
        faults = list(self.faults)
        if self.open:
            faults.append(f"never closed: {self.open}")
        if self.headings.count("h1") != 1:
            faults.append(f"{self.headings.count('h1')} h1")
        levels = [int(heading[1]) for heading in self.headings]
        faults += [f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1]
        faults += [f"id « {name} » twice" for name in sorted({name for name in self.ids if self.ids.count(name) > 1})]
        faults += [f"no element « {name} »" for name in sorted(set(self.targets) - set(self.ids))]
        return faults


def page_faults(html: str) -> list[str]:
    checker = PageCheck()
    checker.feed(html)
    checker.close()
    faults = checker.result()
    if not html.lstrip().lower().startswith("<!doctype html>"):
        faults.append("no doctype")
    if '<html lang="fr">' not in html:
        faults.append("no language")
    return faults

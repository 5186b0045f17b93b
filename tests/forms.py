"""What a browser would send back for a form it was shown, untouched."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.data: dict[str, list[str]] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            self.inside = values.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input" and values.get("type") not in {"submit", "file"}:
            is_box = values.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in values:
                self.data.setdefault(name, []).append(values.get("value", "on" if is_box else ""))
        elif tag == "textarea":
            self.area = name
            self.data[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in values:
            self.data.setdefault(self.select, []).append(values.get("value", ""))

    def handle_data(self, text: str) -> None:
        if self.area:
            self.data[self.area][0] += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.data[self.area][0] = self.data[self.area][0].removeprefix("\n").replace("\n", "\r\n")
            self.area = ""
        elif tag == "form":
            self.inside = False


def form_data(html: str, form_id: str) -> dict[str, list[str]]:
    fields = _Fields(form_id)
    fields.feed(html)
    return {name: values for name, values in fields.data.items() if name and "__prefix__" not in name}

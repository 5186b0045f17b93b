// Suggestions while typing, under a search field whose form says where they come from (data-suggestions): a combobox
// with a list of links. Without this script the form searches all the same.
"use strict";
{
  const PAUSE = 150, LEAST = 2; // milliseconds, letters
  const GROUPS = { mission: "Missions", method: "Méthodes", collectivity: "Collectivités", theme: "Thèmes", person: "Personnes", query: "Mots" };
  const form = document.querySelector("form[data-suggestions]"), input = form.elements.q;
  const set = (element, attributes) => { for (const name in attributes) element.setAttribute(name, attributes[name]); };
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    return set(element, attributes), element.append(...children), element;
  };
  const list = make("div", { id: "suggestions", class: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: "" });
  const status = make("p", { class: "vh", role: "status" });
  let options = [], active = -1, request, timer;
  const choose = (rank) => {
    active = rank;
    options.forEach((option, place) => option.setAttribute("aria-selected", place === rank));
    options[rank]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[rank]?.id ?? "");
  };
  const show = (content, sentence) => {
    list.replaceChildren(...content);
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, place) => set(option, { id: `suggestion-${place}` }));
    input.setAttribute("aria-expanded", !(list.hidden = !options.length));
    status.textContent = sentence;
    choose(-1);
  };
  const close = () => { clearTimeout(timer); request?.abort(); show([], ""); };
  const bold = (label, typed) => [...typed.flatMap(([from, to], rank) => [label.slice(typed[rank - 1]?.[1] ?? 0, from), make("b", {}, label.slice(from, to))]), label.slice(typed.at(-1)?.[1] ?? 0)];
  const option = ({ url, label, number, collectivities, typed = [] }) => make("a", { class: "suggestion", role: "option", tabindex: -1, href: url },
    ...(number ? [make("span", { class: "num", "aria-hidden": "true" }, String(number).padStart(2, "0"))] : []),
    make("span", {}, ...bold(label, typed), ...(collectivities ? [make("span", { class: "suggestion__where" }, collectivities.join(", "))] : [])));
  const group = (kind, found) => make("div", { role: "group", "aria-labelledby": `suggestions-${kind}` },
    make("p", { id: `suggestions-${kind}`, class: "suggestions__kind", role: "presentation" }, GROUPS[kind]), ...found.map(option));
  const ask = async () => {
    request?.abort();
    const typed = input.value, { signal } = request = new AbortController();
    if (typed.trim().length < LEAST) return close();
    try {
      const { suggestions: found } = await (await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(typed)}`, { signal })).json();
      const groups = [...new Set(found.map(({ kind }) => kind))].map((kind) => group(kind, found.filter((each) => each.kind === kind)));
      const all = { url: `${form.action}?${new URLSearchParams(new FormData(form))}`, label: `Tous les résultats pour «\u00a0${typed.trim()}\u00a0»` };
      show(found.length ? [...groups, option(all)] : [], found.length ? `${found.length} suggestion${found.length > 1 ? "s" : ""}` : "Aucune suggestion");
    } catch { /* an older request, or no network: the form still searches */ }
  };
  const move = (step) => (list.hidden ? ask() : choose((active + 1 + step + options.length + 1) % (options.length + 1) - 1));
  const KEYS = { // what each key does, or false to leave it to the field
    ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: () => !list.hidden && close(), Enter: () => active >= 0 && options[active].click(),
    Home: () => active >= 0 && choose(0), End: () => active >= 0 && choose(options.length - 1),
  };
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": false });
  form.append(list, status);
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("keydown", (event) => !event.isComposing && KEYS[event.key] && KEYS[event.key]() !== false && event.preventDefault());
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
}

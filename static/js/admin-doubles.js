// « Existe déjà ? » under a name while it is typed: what the catalogue has under nearly the same one. It stops nobody.
"use strict";

{
  const WAIT = 400; // milliseconds without typing

  const follow = (inputs) => {
    const last = inputs[inputs.length - 1];
    const known = document.createElement("div");
    known.className = "doubles";
    known.setAttribute("role", "status");
    (last.closest(".form-row") || last).append(known);
    const own = location.pathname.match(/\/(\d+)\/change\/$/);
    let timer;
    let asking;
    let asked = inputs.map((input) => input.value).join(" ").trim();

    const show = (found) => {
      known.replaceChildren();
      if (!found.length) return;
      const list = document.createElement("ul");
      for (const { label, url } of found) {
        const link = Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener", textContent: label });
        const item = document.createElement("li");
        item.append(link, " (autre onglet)");
        list.append(item);
      }
      const head = document.createElement("p");
      head.textContent = "Existe déjà ?";
      known.append(head, list);
    };

    const ask = async () => {
      const name = inputs.map((input) => input.value).join(" ").trim();
      if (name === asked) return;
      asked = name;
      if (asking) asking.abort();
      asking = new AbortController();
      const address = new URL(last.dataset.doubles, location);
      address.searchParams.set("q", name.slice(0, 200));
      if (own) address.searchParams.set("sauf", own[1]);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: asking.signal });
        if (answer.ok && (answer.headers.get("Content-Type") || "").startsWith("application/json")) show((await answer.json()).found);
      } catch {
        // it will be said once the form is saved
      }
    };

    for (const input of inputs) {
      input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(ask, WAIT);
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const groups = new Map();
    for (const input of document.querySelectorAll("input[data-doubles]")) {
      groups.set(input.dataset.doubles, [...(groups.get(input.dataset.doubles) || []), input]);
    }
    for (const inputs of groups.values()) follow(inputs);
  });
}

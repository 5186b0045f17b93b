// The pages of an import. Without this script everything is there, one page per decision; with it, the reading says where
// it is, a decision is sent beside the page and only its value changes, and the keyboard goes from value to value.
"use strict";

{
  const one = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  for (const hidden of all(".needs-script")) hidden.hidden = false;

  // ── The drop zone says when files are over it
  const drop = one(".drop");
  if (drop) {
    for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("is-over"));
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  }

  // ── The reading
  const EVERY = 1500; // milliseconds
  const follow = async () => {
    const said = one("#progress-said");
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = parse(await answer.text());
      const now = one("#progress[data-reading] #progress-said", page);
      if (!answer.ok || !now) { location.reload(); return; }
      if (said.textContent !== now.textContent) said.textContent = now.textContent;
    } catch {
      said.textContent = "La connexion est perdue. La lecture continue sur le serveur\u00a0: cette page se mettra à jour au retour.";
    }
    setTimeout(follow, EVERY);
  };
  if (one("#progress[data-reading]")) setTimeout(follow, EVERY);

  // ── The review
  const draft = one("#draft-values");
  const live = one("#review-live");
  const values = () => all(".value").filter((value) => value.offsetParent); // not those that are folded
  const valueOf = (element) => element && element.closest ? element.closest(".value") : null;
  const say = (text) => { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 30); };
  const nameOf = (value) => one("h3", value).textContent.trim();
  const stateOf = (value) => one(".value-state", value).textContent.trim();
  let current = null;

  const setCurrent = (value) => {
    if (current) current.classList.remove("is-current");
    current = value;
    if (value) value.classList.add("is-current");
  };

  const goTo = (value) => {
    if (!value) return;
    setCurrent(value);
    value.focus({ preventScroll: true });
    value.scrollIntoView({ block: "nearest" });
    showLines(value);
  };

  const spansOf = (value) => {
    const link = one(".to-source", value);
    return link ? link.dataset.lines.trim().split(/\s+/).map((span) => span.split("-").map(Number)) : [];
  };

  const showLines = (value, moves = false) => {
    const spans = spansOf(value);
    let first = null;
    for (const line of all(".line")) {
      const number = Number(line.dataset.line);
      const shown = spans.some(([a, b]) => a <= number && number <= b);
      line.classList.toggle("is-shown", shown);
      first = first || (shown ? line : null);
    }
    if (!first) return;
    const box = one(".source-scroll");
    box.scrollTop += first.getBoundingClientRect().top - box.getBoundingClientRect().top - 40;
    if (moves) box.scrollIntoView({ block: "nearest" });
  };

  const isTyped = (value) => all("input[type=text], textarea", value).some((field) => field.value !== field.defaultValue);

  // The same parts of the page that came back take the place of those that are here; what is being typed stays.
  const takeFrom = (page, key) => {
    for (const id of ["review-bar", "review-strip", "source-lines", "rattacher"]) {
      const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (old && fresh && old.outerHTML !== fresh.outerHTML) old.replaceWith(document.adoptNode(fresh));
    }
    for (const id of ["draft-values", "bucket-values"]) {
      const old = document.getElementById(id);
      const fresh = document.adoptNode(page.getElementById(id));
      for (const value of all(".value", fresh)) {
        const here = document.getElementById(value.id);
        if (here && value.id !== key && isTyped(here)) value.replaceWith(here);
      }
      const [folded, unfolds] = [one(".recognised", old), one(".recognised", fresh)];
      if (folded && unfolds) unfolds.open = folded.open;
      old.replaceWith(fresh);
    }
    one("#bucket-title").textContent = page.getElementById("bucket-title").textContent;
    for (const hidden of all(".needs-script")) hidden.hidden = false;
  };

  const problem = (form, text) => {
    const value = valueOf(form) || form;
    let note = one(".note-alerte.said", value);
    if (!note) {
      note = document.createElement("p");
      note.className = "note note-alerte said";
      note.setAttribute("role", "alert");
      form.after(note);
    }
    note.textContent = text;
  };

  const LOST = "La connexion est perdue\u00a0: rien n’a été enregistré, et ce que vous avez écrit est encore là. Réessayez.";
  const SIGNED_OUT = "Votre session est finie\u00a0: connectez-vous dans un autre onglet, puis réessayez. Ce que vous avez écrit est encore là.";

  const send = async (form, button) => {
    const content = new FormData(form);
    if (button && button.name) content.set(button.name, button.value);
    const value = valueOf(form);
    const pressed = button ? button.value : "";
    let answer, page;
    try {
      answer = await fetch(form.action, { method: "POST", body: content });
      page = parse(await answer.text());
    } catch {
      problem(form, LOST);
      return;
    }
    if (!page.getElementById("draft-values")) {
      problem(form, answer.ok ? SIGNED_OUT : `Le serveur a refusé (erreur ${answer.status})\u00a0: rien n’a été enregistré. Réessayez.`);
      return;
    }
    const hadFocus = (value || form).contains(document.activeElement) || document.activeElement === document.body;
    takeFrom(page, value ? value.id : "");
    const fresh = value && document.getElementById(value.id);
    const message = one("ul.messagelist li.error", page);
    if (!fresh) {
      if (message) problem(document.getElementById("rattacher"), message.textContent);
      else say("Lignes rattachées.");
      return;
    }
    setCurrent(fresh);
    if (one("[role=alert]", fresh)) return; // it is spoken as it appears
    say(`${nameOf(fresh)}\u00a0: ${stateOf(fresh)}.`);
    if (hadFocus) focusAfter(fresh, pressed);
  };

  // The button that was pressed may be gone: the focus goes to what undoes it, else to the value.
  const focusAfter = (value, pressed) => {
    const target = pressed === "modifier" ? one(".edit > summary", value)
      : pressed === "rouvrir" ? one(".accept", value)
      : one('button[value="rouvrir"]', value);
    (target || value).focus({ preventScroll: true });
  };

  let queue = Promise.resolve();
  const sendInTurn = (form, button) => { queue = queue.then(() => form.isConnected && send(form, button)); };

  // ── Shortcuts
  const KEPT = "import-shortcuts";
  const shortcuts = one("#shortcuts-on");
  const recall = () => { try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; } };
  const keep = (on) => { try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* private window */ } };

  const step = (by) => {
    const list = values();
    const at = list.indexOf(current && current.isConnected ? current : null);
    goTo(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)]);
  };

  const nextDoubt = () => {
    const list = values();
    const at = list.indexOf(current);
    const next = list.slice(at + 1).find((value) => "waits" in value.dataset);
    const link = one("[data-next-doubt]");
    if (next) goTo(next);
    else if (link) link.click();
    else say("Aucun doute ne reste.");
  };

  const press = (selector) => {
    const button = current && one(selector, current);
    if (button) button.click();
    else say(current ? "Rien à accepter ici." : "Choisissez d’abord une valeur, avec j ou k.");
  };

  const edit = () => {
    const details = current && one(".edit", current);
    if (!details) return;
    details.open = true;
    one("input:not([type=hidden]), textarea, select", details).focus();
  };

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press("button.accept"),
    d: nextDoubt,
    e: edit,
    s: () => current && showLines(current, true),
  };

  const isTyping = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // ── « Rattacher à… »: the lines that are selected in the source
  const pick = () => {
    const selection = getSelection();
    const box = one("#source-lines");
    const first = one("#attach-first");
    if (!first || selection.isCollapsed || !box.contains(selection.anchorNode) || !box.contains(selection.focusNode)) return;
    const picked = all(".line", box).filter((line) => selection.containsNode(line, true));
    for (const line of all(".line.is-picked")) line.classList.remove("is-picked");
    if (!picked.length) return;
    for (const line of picked) line.classList.add("is-picked");
    first.value = picked[0].dataset.line;
    one("#attach-last").value = picked[picked.length - 1].dataset.line;
    say(`Lignes ${first.value} à ${one("#attach-last").value} choisies pour « Rattacher ».`);
  };

  if (draft && live) {
    const arrived = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (valueOf(arrived)) goTo(arrived);

    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!form.action.endsWith("/decider/")) return;
      event.preventDefault();
      sendInTurn(form, event.submitter);
    }, true);

    document.addEventListener("focusin", (event) => { if (valueOf(event.target)) setCurrent(valueOf(event.target)); });

    document.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      if (link.matches(".to-source")) {
        event.preventDefault();
        setCurrent(valueOf(link));
        showLines(current, true);
        history.replaceState(null, "", link.hash);
      } else if (link.hash && link.pathname === location.pathname && !link.search) {
        const value = valueOf(document.getElementById(decodeURIComponent(link.hash.slice(1))));
        if (!value) return;
        event.preventDefault();
        goTo(value);
        history.replaceState(null, "", link.hash);
      }
    });

    document.addEventListener("keydown", (event) => {
      const action = KEYS[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey || !shortcuts.checked || isTyping(event.target)) return;
      event.preventDefault();
      action();
    });

    document.addEventListener("selectionchange", pick);
    shortcuts.checked = recall();
    shortcuts.addEventListener("change", () => keep(shortcuts.checked));
  }
}

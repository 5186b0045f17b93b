// A safety copy of what is typed, in this browser only, and a warning before leaving without saving.
// Where the copy is: on this computer if the person said that it is theirs; in this tab, gone with it, as long as
// nothing was said; nowhere if they said no. Files and passwords are never in it; logging out removes every copy.
"use strict";

{
  const PREFIX = "casebook.copy.";
  const ANSWER = "casebook.copies";
  const OUT = "casebook.out";
  const PAUSE = 1000; // milliseconds between the last key and the copy
  const MAX_LENGTH = 1_000_000; // characters of one copy
  const MAX_COPIES = 20;
  const MAX_AGE = 30 * 24 * 3600 * 1000;
  const ASIDE = /^(csrfmiddlewaretoken|_.*)$|__prefix__|pass(word|wd|phrase)|mot_de_passe|secret|token/i;
  const opened = Date.now();

  // Storage may be refused or full: the form works without.
  const attempt = (work, otherwise = null) => {
    try {
      return work();
    } catch {
      return otherwise;
    }
  };
  const stores = [attempt(() => window.localStorage), attempt(() => window.sessionStorage)].filter(Boolean);
  const answer = () => attempt(() => window.localStorage.getItem(ANSWER));
  const keysOf = (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  const read = (store, key) => attempt(() => JSON.parse(store.getItem(key)));
  const drop = (wanted) => {
    for (const store of stores) for (const key of keysOf(store)) if (wanted(key, store)) attempt(() => store.removeItem(key));
  };

  // What the server says it saved.
  const saved = document.cookie.match(/(?:^|; )casebook_saved=([^;]*)/);
  if (saved) {
    const path = decodeURIComponent(decodeURIComponent(saved[1]).replace(/^"|"$/g, ""));
    drop((key) => key.endsWith(` ${path}`));
    document.cookie = `casebook_saved=; path=${(document.querySelector("#site-name a") || location).pathname}; max-age=0`;
  }
  drop((key, store) => !(Date.now() - (read(store, key) || { time: 0 }).time < MAX_AGE));

  // Logging out: the copies go when the page does, for the person may still choose to stay.
  let isLoggingOut = false;
  document.addEventListener("submit", (event) => {
    if (event.target.id === "logout-form") isLoggingOut = true;
  });
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { isLoggingOut = false; }, true);
  }
  window.addEventListener("pagehide", () => {
    if (!isLoggingOut) return;
    drop(() => true);
    attempt(() => window.localStorage.setItem(OUT, String(Date.now()))); // other tabs stop keeping theirs
  });

  const mark = document.querySelector("input[data-keep]");
  const form = mark && mark.form;
  const isKept = form && !form.querySelector('input[type="password"]');

  // ── The form as a list of names and values
  const entries = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !ASIDE.test(name));
  const chosenFiles = () => [...form.querySelectorAll('input[type="file"]')].map((input) => input.value);
  const written = () => JSON.stringify([entries(), chosenFiles()]);

  const rowOf = (name) => {
    const found = name.match(/^(.+)-(\d+)-([^-]+)$/);
    return found && form.elements.namedItem(`${found[1]}-TOTAL_FORMS`) ? { prefix: found[1], index: Number(found[2]), field: found[3] } : null;
  };
  const prefixes = () => [...form.querySelectorAll('input[name$="-TOTAL_FORMS"]')].map((input) => input.name.slice(0, -12));
  const numberOf = (prefix, what) => Number(form.elements.namedItem(`${prefix}-${what}_FORMS`).value);

  // The words of what is chosen in a list that is filled by the server as one types.
  const choices = () => {
    const found = {};
    for (const select of form.querySelectorAll("select.admin-autocomplete")) {
      for (const option of select.selectedOptions) if (option.value) found[`${select.name} ${option.value}`] = option.textContent;
    }
    return found;
  };

  // ── Rich text: the editor belongs to its text area
  const editors = new WeakMap();
  const waiting = new WeakMap();
  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    editors.set(textarea, editor);
    if (waiting.has(textarea)) write(textarea, waiting.get(textarea));
  });
  const write = (textarea, html) => {
    const editor = editors.get(textarea);
    textarea.value = html;
    if (!editor) {
      waiting.set(textarea, html);
      return;
    }
    waiting.delete(textarea);
    const fill = () => editor.commands.setContent(html, { emitUpdate: true });
    if (editor.view && editor.view.dom && editor.view.dom.isConnected) fill();
    else editor.on("create", fill);
  };

  // ── Putting a copy back
  const setValues = (field, values, words) => {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else if (field.tagName === "SELECT") {
      for (const value of values) {
        if ([...field.options].some((option) => option.value === value)) continue;
        field.add(new Option(words[value] || value, value));
      }
      for (const option of field.options) option.selected = values.includes(option.value);
      if (window.django) window.django.jQuery(field).trigger("change");
    } else if (values.length) {
      if (field.closest(".prose-editor") || [...field.attributes].some((attribute) => attribute.name.startsWith("data-django-prose"))) write(field, values[0]);
      else field.value = values[0];
    }
  };

  // Which row of the page each row of the copy becomes: the same saved row, or a new one, added as the button does.
  const rowsFor = (copy) => {
    const places = new Map();
    const values = new Map(copy.fields);
    for (const prefix of prefixes()) {
      const here = new Map();
      for (let index = 0; index < numberOf(prefix, "INITIAL"); index += 1) {
        const id = form.elements.namedItem(`${prefix}-${index}-id`);
        if (id) here.set(id.value, index);
      }
      let fresh = numberOf(prefix, "INITIAL");
      for (let index = 0; index < Number(values.get(`${prefix}-TOTAL_FORMS`) || 0); index += 1) {
        const id = values.get(`${prefix}-${index}-id`);
        if (id && here.has(id)) {
          places.set(`${prefix} ${index}`, here.get(id));
          continue;
        }
        if (fresh >= numberOf(prefix, "TOTAL")) {
          const add = document.querySelector(`#${prefix}-group .add-row a`);
          if (!add) continue;
          add.click();
        }
        places.set(`${prefix} ${index}`, fresh);
        fresh += 1;
      }
    }
    return places;
  };

  const restore = (copy) => {
    const places = rowsFor(copy);
    const values = new Map();
    for (const [name, value] of copy.fields) {
      const row = rowOf(name);
      if (/_FORMS$/.test(name) || (row && !places.has(`${row.prefix} ${row.index}`))) continue;
      const here = row ? `${row.prefix}-${places.get(`${row.prefix} ${row.index}`)}-${row.field}` : name;
      values.set(here, [...(values.get(here) || []), { value, words: copy.choices[`${name} ${value}`] }]);
    }
    const touched = new Set([...places].map(([key, index]) => `${key.split(" ")[0]}-${index}`));
    for (const field of form.elements) {
      const row = field.name && rowOf(field.name);
      if (!field.name || ASIDE.test(field.name) || field.type === "file" || /_FORMS$/.test(field.name)) continue;
      if (row && (!touched.has(`${row.prefix}-${row.index}`) || ["id", "mission"].includes(row.field))) continue;
      const found = values.get(field.name) || [];
      setValues(field, found.map(({ value }) => value), Object.fromEntries(found.map(({ value, words }) => [value, words])));
    }
    document.dispatchEvent(new CustomEvent("rows:restored"));
  };

  // ── What the person reads
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const button = (text, act) => {
    const made = element("button", { type: "button", className: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const moment = (time) => {
    const date = new Date(time);
    const day = date.toLocaleDateString("fr-FR", { day: "numeric", month: "long" }).replace(/^1 /, "1er ");
    return `${day} à ${date.getHours()}\u00a0h\u00a0${String(date.getMinutes()).padStart(2, "0")}`;
  };
  const place = document.createElement("div");
  place.className = "keep-notices";

  const notice = (role, ...children) => {
    const made = element("div", { className: "kept-notice", tabIndex: -1 }, ...children);
    made.setAttribute("role", role);
    place.append(made);
    return made;
  };

  // The field of this name; of a row that is not on the page any more, the one from which rows are made.
  const fieldOf = (name) => {
    const row = rowOf(name);
    const found = form.elements.namedItem(name) || (row && form.elements.namedItem(`${row.prefix}-__prefix__-${row.field}`));
    return found instanceof RadioNodeList ? found[0] : found;
  };

  const labelOf = (name) => {
    const field = fieldOf(name);
    const row = rowOf(name);
    const label = field && document.querySelector(`label[for="${field.id}"]`);
    const part = row && document.querySelector(`#${row.prefix}-heading`);
    const words = label ? label.textContent.replace(/\s*:\s*$/, "").trim() : "";
    return part ? `${part.textContent.trim()}, ligne ${row.index + 1}${words && `, ${words.toLowerCase()}`}` : words || "Autre champ";
  };

  const isHidden = (name) => (fieldOf(name) || {}).type === "hidden";

  const wordsOf = (copy, name, value) => {
    const field = fieldOf(name);
    const option = field && field.tagName === "SELECT" && [...field.options].find((each) => each.value === value);
    return copy.choices[`${name} ${value}`] || (option ? option.textContent : textOf(value)) || "(vidé)";
  };

  const textOf = (value) => (/<\w/.test(value) ? new DOMParser().parseFromString(value, "text/html").body.textContent : value);

  const differences = (copy) => {
    const now = new Map(entries());
    const list = document.createElement("dl");
    for (const [name, value] of copy.fields) {
      const isNoise = /-position$/.test(name) || isHidden(name);
      if (isNoise || now.get(name) === value || (!now.has(name) && !value)) continue;
      list.append(element("dt", { textContent: labelOf(name) }), element("dd", { textContent: wordsOf(copy, name, value) }));
    }
    return list;
  };

  // ── The life of a form
  const live = () => {
    const key = `${PREFIX}${mark.value} ${location.pathname}`;
    let start = "unsaved" in mark.dataset ? null : written();
    let isLeaving = false;
    let timer = 0;
    const state = element("p", { className: "keep-state" });

    const isChanged = () => written() !== start;

    const keep = () => {
      if (isLeaving || Number(attempt(() => window.localStorage.getItem(OUT))) > opened) return;
      if (!isChanged()) {
        drop((each) => each === key);
        return;
      }
      const said = answer();
      if (said === "no") return;
      const store = attempt(() => (said === "yes" ? window.localStorage : window.sessionStorage));
      const text = JSON.stringify({ time: Date.now(), version: mark.dataset.version, fields: entries(), choices: choices() });
      const isKeptNow = store && text.length <= MAX_LENGTH && attempt(() => {
        const others = keysOf(store).filter((each) => each !== key);
        others.sort((a, b) => (read(store, a) || { time: 0 }).time - (read(store, b) || { time: 0 }).time);
        while (others.length >= MAX_COPIES) store.removeItem(others.shift());
        store.setItem(key, text);
        return true;
      }, false);
      say(isKeptNow ? `Copie de sécurité gardée à ${moment(Date.now()).replace(/^.* à /, "")}.` : "La copie de sécurité n’a pas pu être gardée\u00a0: enregistrez plus souvent.");
    };

    const say = (text) => {
      const where = { yes: "sur cet ordinateur", no: "jamais" }[answer()] || "dans cet onglet seulement";
      state.replaceChildren(`${text} Copies de sécurité\u00a0: ${where}. `.trimStart(), button("Changer", ask));
    };

    const warn = (event) => {
      if (!isLeaving && isChanged()) event.preventDefault();
    };

    const look = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
      window.addEventListener("beforeunload", warn);
    };

    const decide = (value, question) => {
      attempt(() => window.localStorage.setItem(ANSWER, value));
      question.remove();
      if (value === "no") drop((each) => each === key);
      say("");
      keep();
    };

    const ask = () => {
      if (place.querySelector("[data-question]")) return;
      const question = notice(
        "group",
        element("p", {}, element("strong", { textContent: "Garder une copie de sécurité sur cet ordinateur\u202f?" }), " Elle rend votre texte si le navigateur se ferme avant l’enregistrement. Sur un poste partagé, répondez non."),
        element("p", { className: "kept-actions" }, button("Oui, c’est mon poste", () => decide("yes", question)), button("Non", () => decide("no", question))),
      );
      question.dataset.question = "";
      question.setAttribute("aria-label", "Copie de sécurité");
      if (document.activeElement && state.contains(document.activeElement)) question.focus();
    };

    const offer = (copy) => {
      const base = new Map(copy.fields).get("base");
      const here = form.elements.namedItem("base");
      const isOlder = base && here && here.value !== base;
      const seen = element("div", { hidden: true });
      const found = notice(
        "region",
        element("p", {}, element("strong", { textContent: `Une saisie non enregistrée du ${moment(copy.time)} a été retrouvée.` }), isOlder ? " La fiche a été enregistrée depuis\u00a0: comparez avant de restaurer." : ""),
        element(
          "p",
          { className: "kept-actions" },
          button("Restaurer", () => {
            restore(copy);
            found.remove();
            const done = notice("status", element("p", {}, element("strong", { textContent: "Votre saisie est restaurée\u00a0: vérifiez et enregistrez." })));
            done.focus();
            look();
          }),
          button("Voir", (event) => {
            if (seen.hidden) seen.replaceChildren(differences(copy));
            seen.hidden = !seen.hidden;
            event.target.setAttribute("aria-expanded", String(!seen.hidden));
          }),
          button("Effacer", () => {
            drop((each) => each === key);
            found.remove();
            document.querySelector("#content-start").focus();
          }),
        ),
        seen,
      );
      found.setAttribute("aria-label", "Saisie retrouvée");
    };

    form.before(place);
    (form.querySelector(".submit-row:last-of-type") || form).after(state);
    say("");
    const copies = stores.map((store) => read(store, key)).filter((copy) => copy && Array.isArray(copy.fields));
    copies.sort((a, b) => b.time - a.time);
    const [copy] = copies;
    const seen = (fields) => JSON.stringify(fields.filter(([name]) => /_FORMS$/.test(name) || !isHidden(name)));
    const isSame = copy && seen(copy.fields) === seen(entries());
    if (copy && !isSame && start !== null) offer(copy);
    if (!answer()) ask();

    for (const kind of ["input", "change", "click"]) form.addEventListener(kind, look);
    if (window.django) window.django.jQuery(form).on("change", look); // Select2 speaks to jQuery only
    document.addEventListener("formset:removed", look);
    if (start === null) look();
    form.addEventListener("keep:saved", () => drop((each) => each === key));
    form.addEventListener("keep:leaving", () => { isLeaving = true; });
    document.addEventListener("submit", (event) => {
      const opensElsewhere = event.submitter && event.submitter.formTarget;
      if (event.target === form && !event.defaultPrevented && !opensElsewhere) isLeaving = true;
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) isLeaving = false;
    });
  };

  // After the scripts that dress the form.
  if (isKept) window.addEventListener("load", () => setTimeout(live, 50));
}

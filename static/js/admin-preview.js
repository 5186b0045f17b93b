// « Aperçu » beside the form: what is typed is sent to the preview's own address, and the page that comes back is put
// in a frame where no script runs. Nothing is saved. Without this script the same button opens the page in a tab.
"use strict";

{
  const SIZES = { phone: 390, desktop: 1280, print: 794 }; // CSS pixels; A4 for the last
  const MARGINS = "12mm 16mm"; // those of css/print.css
  const WAIT = 700; // milliseconds without typing
  const BESIDE = matchMedia("(min-width: 64rem)");

  const start = () => {
    const button = document.querySelector("button[data-preview]");
    const pane = document.getElementById("preview");
    if (!button || !pane) return;
    const { form } = button;
    const frame = pane.querySelector("iframe");
    const place = pane.querySelector(".preview-window");
    const state = pane.querySelector(".preview-state");
    const list = pane.querySelector(".preview-errors");
    let size = "phone";
    let timer;
    let sending;
    let isShown = false;

    document.body.append(pane); // its buttons and events are not those of the form

    const say = (text, errors = []) => {
      state.textContent = text;
      list.hidden = !errors.length;
      list.replaceChildren(...errors.map((error) => Object.assign(document.createElement("li"), { textContent: error })));
    };

    const fit = () => {
      const width = SIZES[size];
      const scale = Math.min(1, place.clientWidth / width);
      frame.style.width = `${width}px`;
      frame.style.height = `${place.clientHeight / scale}px`;
      frame.style.transform = `scale(${scale})`;
      const page = frame.contentDocument;
      const isPrint = size === "print";
      frame.style.colorScheme = isPrint ? "light" : "";
      const sheet = page && page.querySelector('link[media="print"], link[data-print]');
      if (!sheet) return;
      sheet.dataset.print = "";
      sheet.media = isPrint ? "all" : "print";
      page.body.style.padding = isPrint ? MARGINS : "";
    };

    // Links go nowhere from here, save inside the page.
    const follow = (event) => {
      const link = event.target.closest("a[href], button, summary");
      if (!link || link.matches("summary")) return;
      event.preventDefault();
      const target = link.matches('a[href^="#"]') && frame.contentDocument.getElementById(link.hash.slice(1));
      if (target) target.scrollIntoView();
    };

    const show = (html) => {
      const page = frame.contentDocument;
      const fresh = new DOMParser().parseFromString(html, "text/html");
      for (const script of fresh.querySelectorAll("script")) script.remove(); // the frame would refuse them, and say so
      if (!isShown) {
        frame.addEventListener("load", () => {
          frame.contentDocument.addEventListener("click", follow);
          frame.contentDocument.addEventListener("submit", (event) => event.preventDefault());
          fit();
        });
        frame.srcdoc = `<!doctype html>${fresh.documentElement.outerHTML}`;
        isShown = true;
        return;
      }
      const top = page.documentElement.scrollTop;
      page.body.replaceWith(page.adoptNode(fresh.body));
      page.documentElement.scrollTop = top;
      fit();
    };

    const refresh = async () => {
      if (sending) sending.abort();
      sending = new AbortController();
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      const { signal } = sending;
      try {
        const answer = await fetch(button.formAction, { method: "POST", body: data, headers: { Accept: "application/json" }, signal });
        if (answer.status === 403 || answer.status === 404) {
          say("L’aperçu est refusé : votre session a changé, la mission a été supprimée, ou vous n’avez plus le droit de la modifier.");
          return;
        }
        if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) {
          say(answer.ok ? "Votre session a expiré : enregistrez pour vous reconnecter, rien ne sera perdu." : "L’aperçu n’a pas pu être fait. Réessayez dans quelques minutes.");
          return;
        }
        const { page, errors } = await answer.json();
        if (errors.length) say("La fiche ne peut pas être montrée telle quelle. L’aperçu est celui d’avant :", errors);
        else say("Tel que vous l’écrivez, non enregistré.");
        if (page && (!errors.length || !isShown)) show(page);
      } catch (error) {
        if (error.name !== "AbortError") say("Le site ne répond pas : l’aperçu n’est pas à jour.");
      }
    };

    const later = () => {
      if (!pane.open) return;
      clearTimeout(timer);
      timer = setTimeout(refresh, WAIT);
    };

    const close = () => {
      pane.close();
      button.focus();
    };

    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (!pane.open) {
        if (BESIDE.matches) pane.show();
        else pane.showModal();
        document.body.classList.add("with-preview");
      }
      fit();
      refresh();
    });
    pane.addEventListener("close", () => document.body.classList.remove("with-preview"));
    pane.querySelector("[data-close]").addEventListener("click", close);
    for (const choice of pane.querySelectorAll("[data-size]")) {
      choice.addEventListener("click", () => {
        size = choice.dataset.size;
        pane.dataset.size = size;
        for (const each of pane.querySelectorAll("[data-size]")) each.setAttribute("aria-pressed", String(each === choice));
        fit();
      });
    }
    new ResizeObserver(fit).observe(place);
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("formset:added", later);
    form.addEventListener("formset:removed", later);
    // The rich-text editor writes its field without saying so to the form.
    document.addEventListener("prose-editor:ready", (event) => event.detail.editor.on("update", later));
  };

  document.addEventListener("DOMContentLoaded", start);
}

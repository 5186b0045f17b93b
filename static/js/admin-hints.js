// The advice under the text of each section follows what is typed. Without this script it is that of the saved text.
"use strict";

{
  const WAIT = 1500; // milliseconds without typing
  const FIELD = /^sections-\d+-(kind|body|position)$|^csrfmiddlewaretoken$/;

  document.addEventListener("DOMContentLoaded", () => {
    const mark = document.querySelector("[data-hints]");
    const form = document.getElementById("mission_form");
    if (!mark || !form) return;
    let timer;
    let sending;

    const helpOf = (textarea) => {
      const id = `${textarea.id}_helptext`;
      const known = document.getElementById(id);
      if (known) return known;
      const help = Object.assign(document.createElement("div"), { id, className: "help" });
      const editor = textarea.closest(".prose-editor") || textarea;
      editor.after(help);
      const box = editor.querySelector(".ProseMirror") || textarea;
      box.setAttribute("aria-describedby", id);
      return help;
    };

    const refresh = async () => {
      if (sending) sending.abort();
      sending = new AbortController();
      const data = new FormData();
      for (const [name, value] of new FormData(form)) if (FIELD.test(name)) data.append(name, value);
      try {
        const answer = await fetch(mark.dataset.hints, { method: "POST", body: data, headers: { Accept: "application/json" }, signal: sending.signal });
        if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) return;
        for (const [id, html] of Object.entries(await answer.json())) {
          const textarea = document.getElementById(id);
          if (!textarea) continue;
          const list = new DOMParser().parseFromString(html, "text/html").querySelector("ul");
          const help = helpOf(textarea);
          if (help.textContent.trim() !== (list ? list.textContent.trim() : "")) help.replaceChildren(...(list ? [list] : []));
        }
      } catch {
        // advice can wait
      }
    };

    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, WAIT);
    };

    form.addEventListener("change", (event) => { if (FIELD.test(event.target.name)) later(); });
    document.addEventListener("prose-editor:ready", (event) => {
      const { editor, textarea } = event.detail;
      if (FIELD.test(textarea.name)) editor.on("update", later);
    });
  });
}

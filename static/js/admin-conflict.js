// On the page of conflicts, writing in a box chooses « Écrire ». Without this script the person ticks it.
"use strict";

{
  const form = document.querySelector("form[data-conflict]");
  const choose = (element) => {
    const own = element.closest("[data-own]");
    const side = own && document.getElementById(own.dataset.own);
    if (side) side.checked = true;
  };
  form.addEventListener("input", (event) => choose(event.target));
  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    editor.on("update", () => choose(textarea));
  });
}

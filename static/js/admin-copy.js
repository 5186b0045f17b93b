// « Copier le lien »: the button exists where the browser can copy.
"use strict";
(() => {
  const button = document.querySelector("[data-copy]");
  const field = document.querySelector("[data-copied]");
  const said = document.querySelector("[data-copy-said]");
  if (!button || !field || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Lien copié.";
    } catch {
      field.select();
      said.textContent = "Le navigateur n’a pas voulu copier : le lien est sélectionné, copiez-le au clavier.";
    }
  });
})();

/* « Avant de publier »: a link of the checklist, or the anchor after a refused publication, leads into the field itself:
   a closed part is opened, and the focus goes to what the person types in. Without this script, the anchor does it. */
(() => {
  "use strict";

  const FIELDS = "input:not([type=hidden], [type=submit]), select, textarea, [contenteditable=true], .add-row a";

  function editable(target) {
    const row = target.closest(".form-row, td") || target.parentElement;
    return row.querySelector(".ProseMirror") || row.querySelector(".select2-selection") || target;
  }

  function reach(target) {
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const shown = [...target.querySelectorAll(FIELDS)].find((field) => field.offsetParent); // the row to copy is hidden
    const inside = target.matches("input, select, textarea") ? editable(target) : shown || target;
    inside.focus({ preventScroll: true });
    (inside === target ? target : target.closest(".form-row, td") || target).scrollIntoView({ block: "center" });
  }

  function go(hash) {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (target) reach(target);
    return Boolean(target);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-point]");
    if (link && go(link.hash)) {
      event.preventDefault();
      history.replaceState(history.state, "", link.hash);
    }
  });
  // Once the page is there; a rich-text editor may come later and take the place of the field.
  window.addEventListener("load", () => setTimeout(() => {
    if (!go(window.location.hash)) return;
    const field = document.activeElement;
    if (!field.matches("textarea")) return;
    const row = field.closest(".form-row") || field.parentElement;
    const watch = new MutationObserver(() => {
      if (!row.querySelector(".ProseMirror")) return;
      watch.disconnect();
      if ([field, document.body].includes(document.activeElement)) go(window.location.hash);
    });
    watch.observe(row, { childList: true, subtree: true });
  }));
})();

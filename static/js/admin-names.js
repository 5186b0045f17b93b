// French names, for who sees them and who hears them, where Django's widgets have none or a clumsy one.
"use strict";

{
  const labelOf = (id) => document.querySelector(`label[for="${CSS.escape(id)}"]`);
  const textOf = (label) => (label ? label.textContent.replace(/\s*:\s*$/, "").trim() : "");
  const name = (element, text) => {
    element.setAttribute("aria-label", text);
    element.title = text;
  };

  // Select2's box is named after the field, then after what is chosen.
  const nameSelect = (select) => {
    const box = select.parentElement.querySelector(".select2-selection");
    const label = labelOf(select.id);
    const typed = select.parentElement.querySelector(".select2-search--inline .select2-search__field"); // of several choices
    if (typed && label) typed.setAttribute("aria-label", `Chercher : ${textOf(label)}`);
    if (!box || !label || box.getAttribute("role") !== "combobox") return;
    label.id = label.id || `${select.id}_label`;
    const chosen = box.querySelector(".select2-selection__rendered");
    box.setAttribute("aria-labelledby", chosen && chosen.id ? `${label.id} ${chosen.id}` : label.id);
    if (chosen) chosen.setAttribute("aria-labelledby", label.id); // it has no name while nothing is chosen
  };

  const nameAll = (scope) => {
    for (const select of scope.querySelectorAll("select.admin-autocomplete.select2-hidden-accessible")) nameSelect(select);
    for (const link of scope.querySelectorAll(".related-widget-wrapper-link")) {
      const field = link.parentElement.querySelector("select, input");
      const what = field && textOf(labelOf(field.id));
      // a title: without a choice to modify it is no link, and takes no label
      if (what) link.title = `${link.matches(".add-related") ? "Ajouter à la liste" : "Modifier la fiche choisie"} : ${what}`;
    }
    for (const link of scope.querySelectorAll(".datetimeshortcuts a")) {
      const field = link.closest("p, td, .form-row").querySelector("input");
      const what = field && textOf(labelOf(field.id));
      const said = link.querySelector("[title]");
      if (what) link.setAttribute("aria-label", `${said ? said.title : link.textContent.trim()} : ${what}`);
    }
    for (const add of document.querySelectorAll(".js-inline-admin-formset .add-row a")) {
      add.textContent = add.textContent.replace(/^Ajouter un objet (.+) supplémentaire$/, "Ajouter : $1");
    }
    for (const link of document.querySelectorAll(".calendarnav-previous")) name(link, "Mois précédent");
    for (const link of document.querySelectorAll(".calendarnav-next")) name(link, "Mois suivant");
  };

  // The field in which one looks for a choice is made when the list opens.
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches(".select2-search__field")) return;
    const list = /^select2-(.+)-results$/.exec(event.target.getAttribute("aria-controls") || "");
    const what = list && textOf(labelOf(list[1]));
    if (what) event.target.setAttribute("aria-label", `Chercher : ${what}`);
  });

  document.addEventListener("formset:added", () => setTimeout(() => nameAll(document))); // Django makes the calendars anew
  document.addEventListener("rows:restored", () => nameAll(document));
  // After Django's own scripts, which wait for the page too.
  window.addEventListener("load", () => setTimeout(() => nameAll(document)));
}

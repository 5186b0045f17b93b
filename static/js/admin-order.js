// Up and down buttons for the rows of a part.
// Without this script the number in the field « Ordre » does the same on saving.
"use strict";

{
  const ROWS = ":scope > .inline-related:not(.empty-form), :scope > tr.form-row:not(.empty-form)";
  const live = document.createElement("p");
  live.className = "visually-hidden";
  live.setAttribute("role", "status");

  const positionOf = (row) => row.querySelector('input[name$="-position"]');
  const rowsOf = (parent) => [...parent.querySelectorAll(ROWS)].filter(positionOf);
  const indexOf = (row) => Number(row.id.slice(row.id.lastIndexOf("-") + 1));
  const rowOf = (element) => element.closest(".inline-related[id], tr.form-row");

  const nameOf = (row) => {
    const chosen = row.querySelector(".select2-selection__rendered[title], .field-title input, .field-value input");
    const text = chosen ? chosen.title || chosen.value : (row.querySelector(".inline_label") || {}).textContent;
    return (text || "").trim() || "Ligne";
  };

  // A row of a table may have a row of errors before it: they go together.
  const place = (parent, rows) => {
    const end = parent.querySelector(":scope > .empty-form, :scope > .add-row");
    for (const row of rows) {
      const errors = row.previousElementSibling;
      if (errors && errors.matches(".row-form-errors")) parent.insertBefore(errors, end);
      parent.insertBefore(row, end);
    }
  };

  const number = (rows) => rows.forEach((row, index) => { positionOf(row).value = index + 1; });

  const move = (button, step) => {
    const row = rowOf(button);
    const rows = rowsOf(row.parentElement);
    const from = rows.indexOf(row);
    const to = from + step;
    if (to < 0 || to >= rows.length) {
      live.textContent = `${nameOf(row)} : déjà en ${step < 0 ? "première" : "dernière"} place.`;
      return;
    }
    rows.splice(to, 0, ...rows.splice(from, 1));
    place(row.parentElement, rows);
    number(rows);
    button.focus();
    live.textContent = `${nameOf(row)} : place ${to + 1} sur ${rows.length}.`;
  };

  const makeButton = (label, sign, step) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "order-button";
    button.textContent = sign;
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => move(button, step));
    return button;
  };

  const dress = (row) => {
    const position = positionOf(row);
    if (position) {
      const group = document.createElement("span");
      group.className = "order-buttons";
      group.append(makeButton("Monter", "↑", -1), makeButton("Descendre", "↓", 1));
      position.after(group);
    }
  };

  // Django numbers the forms again in the order of the page when a new row is removed, and needs the saved ones first.
  document.addEventListener(
    "click",
    (event) => {
      const remove = event.target.closest("a.inline-deletelink");
      const parent = remove && rowOf(remove).parentElement;
      if (!parent) return;
      place(parent, rowsOf(parent).sort((a, b) => indexOf(a) - indexOf(b)));
      setTimeout(() => {
        const rows = rowsOf(parent).sort((a, b) => positionOf(a).value - positionOf(b).value);
        place(parent, rows);
        number(rows);
      });
    },
    true,
  );

  document.addEventListener("formset:added", (event) => {
    const row = event.target;
    dress(row);
    const position = positionOf(row);
    if (position) position.value = rowsOf(row.parentElement).length;
  });

  // static/js/admin-keep.js put the numbers back: the rows follow them.
  document.addEventListener("rows:restored", () => {
    for (const parent of new Set([...document.querySelectorAll('.js-inline-admin-formset input[name$="-position"]')].map((input) => rowOf(input).parentElement))) {
      place(parent, rowsOf(parent).sort((a, b) => positionOf(a).value - positionOf(b).value));
    }
  });

  const start = () => {
    document.body.append(live);
    for (const position of document.querySelectorAll('.js-inline-admin-formset input[name$="-position"]')) {
      const row = rowOf(position);
      if (!row.classList.contains("empty-form")) dress(row);
    }
  };

  // After Django's own scripts, which wait for the page too.
  window.addEventListener("load", () => setTimeout(start));
}

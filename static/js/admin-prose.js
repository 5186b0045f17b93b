// The rich-text editor in French, named for screen readers and reachable by keyboard, under a strict policy.
// A plain script: it runs before the editor's modules.
"use strict";

{
  const NAMES = {
    heading3: "Titre",
    heading4: "Sous-titre",
    paragraph: "Paragraphe",
    bulletList: "Liste à puces",
    orderedList: "Liste numérotée",
    blockquote: "Citation",
    bold: "Gras",
    italic: "Italique",
    subscript: "Indice",
    superscript: "Exposant",
    link: "Lien",
    unlink: "Retirer le lien",
    table: "Insérer un tableau",
    "table:addColumnAfter": "Ajouter une colonne",
    "table:deleteColumn": "Supprimer la colonne",
    "table:addRowAfter": "Ajouter une ligne",
    "table:deleteRow": "Supprimer la ligne",
    "table:mergeCells": "Fusionner les cellules",
    "table:splitCell": "Séparer les cellules",
    "table:toggleHeaderCell": "Cellule de titre",
    "table:deleteTable": "Supprimer le tableau",
    "history:undo": "Annuler",
    "history:redo": "Rétablir",
  };
  const WORDS = {
    Update: "Appliquer",
    Cancel: "Annuler",
    URL: "Adresse du lien",
    "Edit Link": "Lien",
    Rows: "Lignes",
    Columns: "Colonnes",
    "Include header row": "Avec une ligne de titres",
    "Table Properties": "Tableau",
    "Insert Table": "Insérer",
    Yes: "Oui",
    No: "Non",
  };

  const gettext = window.gettext;
  window.gettext = (text) => WORDS[text] || (gettext ? gettext(text) : text);

  // The editor looks for its style element before it injects one, which the policy would refuse: this one, of no
  // known language, stands for it. The rules are in css/admin-prose.css.
  const marker = document.createElementNS("urn:casebook:nothing", "style");
  marker.setAttribute("data-tiptap-style", "");
  document.head.append(marker);

  const labelOf = (textarea) => {
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    const name = label ? label.textContent.replace(/\s*:\s*$/, "").trim() : "Texte";
    // several texts of one name: each says the row that it is of
    const row = textarea.closest(".inline-related");
    const heading = row && row.querySelector(".inline_label");
    return heading ? `${name} : ${heading.textContent.trim()}` : name;
  };

  // One stop for the tab key, arrows inside: fifteen buttons for each text would be a long way.
  const roving = (toolbar) => {
    const reachable = () => [...toolbar.querySelectorAll("button:not(.hidden)")];
    const choose = (button) => {
      for (const each of toolbar.querySelectorAll("button")) each.tabIndex = each === button ? 0 : -1;
    };
    choose(reachable()[0]);
    toolbar.addEventListener("focusin", (event) => choose(event.target.closest("button")));
    toolbar.addEventListener("keydown", (event) => {
      const buttons = reachable();
      const here = buttons.indexOf(document.activeElement);
      const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (there === undefined || here < 0) return;
      event.preventDefault();
      buttons[(there + buttons.length) % buttons.length].focus();
    });
    return () => {
      if (!toolbar.querySelector('button[tabindex="0"]:not(.hidden)')) choose(reachable()[0]);
    };
  };

  const inFrench = (toolbar) => {
    for (const button of toolbar.querySelectorAll("button[data-name]")) {
      const name = NAMES[button.dataset.name] || button.title;
      button.title = name;
      button.setAttribute("aria-label", name);
    }
  };

  const dress = (editor, textarea) => {
    const name = labelOf(textarea);
    const box = editor.view.dom;
    box.setAttribute("role", "textbox");
    box.setAttribute("aria-multiline", "true");
    box.setAttribute("aria-label", name);
    box.setAttribute("lang", "fr");
    const help = document.getElementById(`${textarea.id}_helptext`);
    if (help) box.setAttribute("aria-describedby", help.id);
    const toolbar = box.parentElement.querySelector(".prose-menubar");
    if (!toolbar) return;
    toolbar.setAttribute("role", "toolbar");
    toolbar.setAttribute("aria-label", `Mise en forme : ${name}`);
    inFrench(toolbar);
    const keepOneStop = roving(toolbar);
    const state = () => {
      for (const button of toolbar.querySelectorAll("button[data-name]")) {
        button.setAttribute("aria-pressed", String(button.classList.contains("active")));
        button.setAttribute("aria-disabled", String(button.classList.contains("disabled")));
      }
      keepOneStop();
    };
    editor.on("transaction", state);
    state();
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    if (label) label.addEventListener("click", () => editor.commands.focus());
  };

  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    const ready = () => dress(editor, textarea);
    if (textarea.parentElement.querySelector(".prose-menubar")) ready();
    else editor.on("create", ready);
  });

  // The dialogs: no title attribute (it is not in the closed list), choices in French.
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      const dialog = node.nodeType === Node.ELEMENT_NODE && node.querySelector("dialog.prose-editor-dialog");
      if (!dialog) continue;
      const heading = dialog.querySelector(".prose-editor-dialog-title");
      if (heading) dialog.setAttribute("aria-label", heading.textContent);
      const title = dialog.querySelector('input[name="title"]');
      if (title) title.closest(".prose-editor-dialog-field").hidden = true;
      for (const option of dialog.querySelectorAll("option")) {
        option.value = option.textContent;
        option.textContent = WORDS[option.value] || option.value;
      }
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
}

// Copying an extract with its reference, and keeping extracts. The page « Mes extraits » has its list in the address;
// this script keeps one in the browser. Without it the links carry the list, and the references can be selected.
"use strict";

{
  const KEY = "extraits", MOST = 50;
  const all = (selector) => document.querySelectorAll(selector);
  const numbersOf = (address) => new URL(address).searchParams.getAll("e");
  const listed = document.querySelector("[data-listed]"); // the page « Mes extraits »
  const shown = listed?.dataset.listed.split(" ").filter(Boolean);
  const home = listed ? location : document.querySelector("a[data-my-extracts]");
  const status = document.body.appendChild(document.createElement("p"));
  Object.assign(status, { className: "said", role: "status" });

  const say = (sentence) => {
    status.textContent = sentence;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => status.replaceChildren(), 8000);
  };
  const addressOf = (numbers) => home.pathname + (numbers.length ? `?e=${numbers.join("&e=")}` : "");
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)).filter((number) => /^\d+$/.test(number));
    } catch { return []; } // nothing yet, or no storage
  };
  const keep = (numbers) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(numbers));
    } catch { // refused, or full
      say("Ce navigateur ne garde rien\u00a0: enregistrez l’adresse de la page.");
    }
  };
  const show = () => {
    const numbers = kept();
    for (const button of all("button[data-extract]")) {
      button.textContent = `${numbers.includes(button.dataset.extract) ? "Retirer de" : "Ajouter à"} mes extraits`;
    }
    for (const link of all("a[data-my-extracts]")) {
      if (numbers.length) link.href = addressOf(numbers);
      link.textContent = `Mes extraits (${numbers.length})`;
    }
  };
  const toggle = (number) => {
    const numbers = kept();
    const after = numbers.includes(number) ? numbers.filter((other) => other !== number) : [...numbers, number];
    if (after.length > MOST) return say(`La liste est pleine\u00a0: ${MOST} extraits.`);
    keep(after);
    show();
    say(`Extrait ${after.length > numbers.length ? "ajouté" : "retiré"}. Mes extraits\u00a0: ${after.length}.`);
  };
  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      say("Copié, avec la référence.");
    } catch { // not a secure address: the reader copies
      source.closest("details")?.setAttribute("open", "");
      getSelection().selectAllChildren(source);
      say("Le texte est sélectionné\u00a0: copiez-le.");
    }
  };
  const mine = !listed || String(kept()) === String(numbersOf(location.href)) || !kept().length;
  if (listed && !numbersOf(location.href).length && kept().length) location.replace(addressOf(kept()));
  else if (listed && mine) keep(shown);
  for (const button of all("button[hidden]")) button.hidden = button.hasAttribute("data-keep") && mine;
  for (const link of all("a[data-extract]")) { // here it acts, and goes nowhere
    const button = Object.assign(document.createElement("button"), { type: "button", className: link.className });
    button.dataset.extract = link.dataset.extract;
    link.replaceWith(button);
  }
  show();
  document.addEventListener("click", ({ target }) => {
    const { copy: source, extract, print, keep: take } = target.closest("button")?.dataset ?? {};
    if (source) copy(document.getElementById(source));
    if (extract) toggle(extract);
    if (print !== undefined) window.print();
    if (take !== undefined) say("Cette liste est gardée dans votre navigateur."), keep(shown);
    if (mine && target.closest("a[data-list]")) keep(numbersOf(target.closest("a").href));
  });
}

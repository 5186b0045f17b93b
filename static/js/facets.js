// The filters of the list: a box finds a value among many; other words put an end to « sans correction ».
"use strict";
{
  const browse = document.querySelector(".browse");
  const fold = (text) => text.trim().normalize("NFD").replace(/\p{M}/gu, "").replace(/’/g, "'").toLowerCase();
  browse.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-find]")) return;
    const items = [...target.closest("details").querySelectorAll("li")], wanted = fold(target.value);
    for (const item of items) item.hidden = !fold(item.querySelector(".choice__label").textContent).includes(wanted);
    const count = items.filter((item) => !item.hidden).length;
    target.parentElement.querySelector("[role=status]").textContent = `${count} valeur${count > 1 ? "s" : ""}`;
  });
  document.getElementById("q").addEventListener("input", () => browse.querySelector("[name=litteral]")?.remove());
}

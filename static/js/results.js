// The list of missions renewed in place when a filter, the order or the page changes: the server answers with the whole
// page, whose parts (data-part) take the place of those that are here. Without this script the form and links do the same.
"use strict";
{
  const all = (selector, inside = browse) => [...inside.querySelectorAll(selector)];
  const form = document.getElementById("selection"), browse = document.querySelector(".browse");
  const here = () => location.pathname + location.search;
  let shown = here(), request;
  const prepare = () => {
    for (const hidden of all("[data-only-with-script], [data-copy]")) hidden.hidden = false;
    for (const needless of all("[data-only-without-script]")) needless.hidden = true;
    for (const button of all("[data-leads-to]")) button.textContent = button.dataset.leadsTo;
  };
  const address = () => {
    const parameters = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    if (!form.elements.tri?.selectedIndex) parameters.delete("tri"); // the usual order needs no parameter
    return `${location.pathname}?${parameters}`;
  };
  const like = ({ name, value, type }) => all(`[name="${name}"]`).find((same) => type !== "checkbox" || same.value === value);
  const take = (page) => {
    const open = all("details[open][id]").map(({ id }) => id);
    for (const part of all("[data-part]")) part.replaceChildren(...page.querySelector(`[data-part="${part.dataset.part}"]`).childNodes);
    browse.className = page.querySelector(".browse").className;
    document.title = page.title;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    prepare();
  };
  const lead = () => { // to the results, from what stands above or under them
    const heading = document.getElementById("resultats");
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: heading.getBoundingClientRect().top < 0 ? "start" : "nearest" });
  };
  const renew = async (url, { control, moves } = {}) => { // a control that changed, or a link that was followed, or neither: Back
    request?.abort();
    const { signal } = request = new AbortController();
    try {
      const page = new DOMParser().parseFromString(await (await fetch(url, { signal })).text(), "text/html");
      if (control || moves) history.pushState(null, "", url);
      if (!control) form.elements.q.value = page.getElementById("q").value;
      shown = here();
      const hasFocus = control && document.activeElement === control, top = control?.getBoundingClientRect().top;
      take(page);
      const same = control && like(control);
      if (hasFocus) same?.focus({ preventScroll: true });
      if (same) scrollBy(0, same.getBoundingClientRect().top - top);
      if (moves || (hasFocus && !same)) lead();
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url); // no network, or an error page: as without this script
    }
  };
  prepare();
  browse.addEventListener("change", ({ target }) => target.name && renew(address(), { control: target }));
  browse.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="?"]'), isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (event.target.closest("[data-leads-to]")) event.preventDefault(), lead();
    else if (link && isPlain) event.preventDefault(), renew(link.href, { moves: true });
  });
  addEventListener("popstate", () => here() === shown || renew(location.href));
}

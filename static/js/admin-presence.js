// Says every half-minute that this person has the mission open, and shows who else has. Stops when the page is hidden, or
// left alone for a while: a screen that nobody looks at must not keep a session alive.
"use strict";

{
  const BEAT = 30_000; // milliseconds
  const ALONE = 5 * 60_000;
  let touched = Date.now();

  // Only a change of people is announced: « il y a 2 minutes » that becomes 3 is not.
  const who = (element) => element.textContent.replace(/\([^)]*\)/g, "").trim();

  const show = (place, html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    if (who(fresh) === who(place)) place.setAttribute("aria-live", "off");
    else place.removeAttribute("aria-live");
    if (fresh.textContent.trim() !== place.textContent.trim()) place.replaceChildren(...fresh.childNodes);
  };

  // Nothing rests on it: what fails (no network, no session) is tried again at the next beat.
  const beat = async (place, token) => {
    if (document.hidden || Date.now() - touched > ALONE) return;
    try {
      const answer = await fetch(place.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "error" });
      if (answer.headers.get("X-Presence")) show(place, await answer.text());
    } catch {
      // see above
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-presence]");
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]');
    if (!place || !token) return;
    const again = () => beat(place, token.value);
    again();
    setInterval(again, BEAT);
    for (const kind of ["keydown", "pointerdown", "wheel"]) document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
    document.addEventListener("visibilitychange", again);
  });
}

// A form that cannot be sent stays on the screen with all that was typed. It is sent by this script, which goes where
// the server says; a page that the server shows instead (errors, signing in) is asked for again in the usual way, and
// only if the server says that nothing was written.
"use strict";

{
  const mark = document.querySelector("input[data-keep]");
  const form = mark && mark.form;
  const PATIENCE = 60_000; // milliseconds
  const SLOWEST = 50; // bytes per millisecond: a heavy image has more time
  const SHOWN = [200, 409, 422]; // pages to look at: errors, a conflict, signing in
  const MEGABYTE = 1024 * 1024;
  let isSending = false;

  const words = (status) => {
    if (status === 413) return "L’envoi est trop volumineux\u00a0: rien n’a été enregistré. Raccourcissez le texte ou réduisez l’image, puis enregistrez de nouveau.";
    if (status === 403) return "Vous n’avez plus le droit d’enregistrer ici\u00a0: rien n’a été enregistré. Copiez votre texte, et demandez le droit à la personne qui administre le site.";
    if (status === 404) return "Ce que vous modifiez n’existe plus\u00a0: rien n’a été enregistré. Copiez votre texte avant de quitter cette page.";
    if (status === 500 || status === 503) return "Le site rencontre un problème\u00a0: rien n’a été enregistré. Votre saisie est toujours sur cette page. Réessayez dans quelques minutes.";
    return "La réponse du site n’est pas arrivée\u00a0: l’enregistrement n’est pas sûr. Votre saisie est toujours sur cette page. Vérifiez votre connexion, puis enregistrez de nouveau.";
  };

  const say = (text, role) => {
    for (const old of form.querySelectorAll(".send-state")) old.remove();
    const state = document.createElement("div");
    state.className = "send-state";
    state.tabIndex = -1;
    state.setAttribute("role", role);
    state.textContent = text;
    [...form.querySelectorAll(".submit-row")].pop().before(state);
    if (role === "alert") state.focus();
  };

  const sizeOf = (data) => {
    const encoder = new TextEncoder();
    let text = 0;
    let files = 0;
    let fields = 0;
    for (const [name, value] of data) {
      if (typeof value === "string") {
        text += encoder.encode(name).length + encoder.encode(value).length;
        fields += 1;
      } else {
        files += value.size;
      }
    }
    return { text, files, fields };
  };

  const tooLarge = (size) => {
    for (const input of form.querySelectorAll('input[type="file"][data-max-bytes]')) {
      const max = Number(input.dataset.maxBytes);
      const heavy = [...input.files].find((file) => file.size > max);
      if (heavy) return `Le fichier «\u00a0${heavy.name}\u00a0» dépasse ${Math.round(max / MEGABYTE)}\u00a0Mo\u00a0: rien n’a été envoyé. Réduisez-le ou retirez-le, puis enregistrez de nouveau.`;
    }
    return size.text > Number(mark.dataset.maxBytes) || size.fields > Number(mark.dataset.maxFields) ? words(413) : "";
  };

  // As the browser does it without this script; the button that was pressed is said by a field.
  const sendPlainly = (submitter) => {
    if (submitter && submitter.name) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: submitter.name, value: submitter.value });
      form.append(field);
    }
    form.dispatchEvent(new CustomEvent("keep:leaving"));
    HTMLFormElement.prototype.submit.call(form);
  };

  const go = (address) => {
    form.dispatchEvent(new CustomEvent("keep:leaving"));
    const url = new URL(address, form.action);
    const isHere = url.hash && url.pathname === location.pathname && url.search === location.search;
    location.assign(url);
    if (isHere) location.reload(); // an anchor alone would leave the page as it is
  };

  const send = async (submitter) => {
    const data = new FormData(form, submitter);
    const size = sizeOf(data);
    const refusal = tooLarge(size);
    if (refusal) {
      say(refusal, "alert");
      return;
    }
    isSending = true;
    say("Enregistrement en cours…", "status");
    let answer = null;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { "X-Sent-By-Script": "1" },
        signal: AbortSignal.timeout(PATIENCE + (size.text + size.files) / SLOWEST),
      });
    } catch {
      say(words(0), "alert");
    }
    isSending = false;
    if (!answer) return;
    const { status, headers } = answer;
    if (headers.get("X-Saved")) form.dispatchEvent(new CustomEvent("keep:saved"));
    if (status === 204 && headers.get("X-Location")) {
      go(headers.get("X-Location"));
    } else if (SHOWN.includes(status) && (headers.get("X-Unsaved") || headers.get("X-Kept"))) {
      sendPlainly(submitter);
    } else {
      say(words(status), "alert");
    }
  };

  const isAlone = form && !document.body.classList.contains("popup") && !form.querySelector('input[type="password"]');
  if (isAlone) {
    document.addEventListener("submit", (event) => {
      const { submitter } = event;
      const goesElsewhere = submitter && (submitter.hasAttribute("formaction") || submitter.hasAttribute("formtarget"));
      if (event.target !== form || event.defaultPrevented || goesElsewhere) return;
      event.preventDefault();
      if (!isSending) send(submitter);
    });
  }
}

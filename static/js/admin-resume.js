// Right after signing in, the form comes back by itself, filled and not saved: without this script, by the button.
"use strict";

document.querySelector("form[data-resume-at-once] button").click();

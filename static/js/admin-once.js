// A double click on a button would send the form twice, and add two missions. Only the clicks that follow at once are
// dropped: a person who stopped the page, or whose network failed, must be able to save again.
"use strict";

{
  const PAUSE = 2000; // milliseconds
  let last = -PAUSE;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.timeStamp - last < PAUSE) event.preventDefault();
    else last = event.timeStamp;
  });
}

// The pages that are calculated: a changed field asks for the result at once.
// Without this the button does the same.
(() => {
  "use strict";

  const values = (form) => new Map([...form.elements].filter((e) => e.id).map((e) => [e.id, e.value]));
  let sent = new Map();

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "assumptions") sent = values(event.detail.elt);
  });

  // What was typed while the answer was on its way is not taken by it.
  let typed = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = document.getElementById("assumptions");
    if (!form || event.detail.target.id !== "economy") return;
    typed = new Map([...values(form)].filter(([id, value]) => sent.has(id) && sent.get(id) !== value));
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!typed.size) return;
    const form = document.getElementById("assumptions");
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (field && form) field.value = value;
    }
    typed = new Map();
    if (form) htmx.trigger(form, "change");
  });
})();

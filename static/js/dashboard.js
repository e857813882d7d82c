// Dashboards: choosing a municipality, a period or a definition leads there at once. With the
// keyboard a choice is passed on the way to another, so there the button stays.
(function () {
  "use strict";
  const form = document.querySelector(".place-form");
  if (!form) { return; }
  form.classList.add("at-once");
  form.addEventListener("keydown", function () { form.classList.remove("at-once"); });
  form.addEventListener("pointerdown", function (event) {
    if (event.target.tagName === "SELECT") { form.classList.add("at-once"); }
  });
  form.addEventListener("change", function () {
    if (form.classList.contains("at-once")) { form.submit(); }
  });
})();

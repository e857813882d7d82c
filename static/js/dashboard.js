// Dashboards: choosing a municipality leads there at once, and the page can be printed.
(function () {
  "use strict";
  const place = document.querySelector(".place-form select");
  if (place) {
    place.form.classList.add("at-once");
    place.addEventListener("change", function () { place.form.submit(); });
  }
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();

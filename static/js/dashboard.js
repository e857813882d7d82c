// Dashboards: choosing a municipality leads there at once.
(function () {
  "use strict";
  const place = document.querySelector(".place-form select");
  if (place) {
    place.form.classList.add("at-once");
    place.addEventListener("change", function () { place.form.submit(); });
  }
})();

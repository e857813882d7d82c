// Log a meeting, and correct one. The pages work without this; it saves taps.
(() => {
  "use strict";
  const shown = () => document.querySelector(".log-form");

  // What belongs to one participant is shown only when they are chosen: a mentor's chip with those
  // they follow, a goal with the one it was agreed with.
  const showTheirs = () => {
    const form = shown();
    const chosen = form.querySelector('[name="enrolment"]:checked, [name="enrolment"][type="hidden"]')?.value;
    for (const slot of form.querySelectorAll("[data-follows]")) {
      slot.hidden = !slot.dataset.follows.split(" ").includes(chosen);
      if (slot.hidden) slot.querySelector("input").checked = false;
    }
    for (const goal of form.querySelectorAll("[data-of]")) goal.hidden = goal.dataset.of !== chosen;
  };

  document.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (!event.target.closest(".log-form")) return;
    if (name === "enrolment") showTheirs();
    // At an authority one is most often a companion: the questions open by themselves.
    if (name === "mode" && value === "authority") {
      shown().querySelector('[data-opens-with="authority"]').open = true;
    }
  });

  if (shown()) showTheirs();
  document.addEventListener("log:shown", showTheirs);
})();

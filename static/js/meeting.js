// Log a meeting. The page works without this; it saves taps and double sends.
(() => {
  const form = document.getElementById("log");
  if (!form) return;

  // A mentor's chip is shown only with the participants they follow.
  const chosen = () => form.querySelector('[name="enrolment"]:checked, [name="enrolment"][type="hidden"]');
  const showMentors = () => {
    const enrolment = chosen();
    form.querySelectorAll(".chip-slot").forEach((slot) => {
      const follows = enrolment && slot.dataset.follows.split(" ").includes(enrolment.value);
      slot.hidden = !follows;
      if (!follows) slot.querySelector("input").checked = false;
    });
  };

  // At an authority one is most often a companion: the questions open by themselves.
  const openAccompaniment = (event) => {
    if (event.target.name === "mode" && event.target.value === "authority") {
      form.querySelector('[data-opens-with="authority"]').open = true;
    }
  };

  form.addEventListener("change", (event) => {
    if (event.target.name === "enrolment") showMentors();
    openAccompaniment(event);
  });

  // One tap sends once. The server refuses a second in any case; this spares the wait.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);

  showMentors();
})();

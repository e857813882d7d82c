// The list follows the choices at once; without this there is the button.
for (const form of document.querySelectorAll("[data-send-on-change]")) {
  form.addEventListener("change", (event) => {
    // A search is sent when it is meant: every one of them is written to the access log.
    if (event.target.matches("select, [type=radio]")) form.requestSubmit();
  });
}

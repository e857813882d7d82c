// Behaviour shared by all pages. Everything here adds to a page that works without it.

(() => {
  "use strict";

  // A form that came back with errors: begin where they are told of.
  const focusErrors = (root) => {
    const summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  };

  // A password can be seen by whoever types it.
  const offerPasswords = (root) => {
    for (const button of root.querySelectorAll("[data-show-password]")) button.hidden = false;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show-password]");
    if (!button) return;
    const input = document.getElementById(button.dataset.showPassword);
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    input.focus();
  });
  // The browser must not keep the password among the things once typed in a text field.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("[data-show-password]")) {
      document.getElementById(button.dataset.showPassword).type = "password";
      button.setAttribute("aria-pressed", "false");
    }
  });

  // A partial update that failed says so; the next one that works takes it away.
  const tell = (reason) => {
    const line = document.getElementById("connection");
    if (!line) return;
    for (const text of line.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== reason;
    line.hidden = !reason;
  };
  // What keeps trying by itself (a draft) tells in its own place: data-own-errors.
  const own = (event) => event.detail.elt.closest("[data-own-errors]");
  document.addEventListener("htmx:sendError", (event) => own(event) || tell("offline"));
  document.addEventListener("htmx:timeout", (event) => own(event) || tell("offline"));
  document.addEventListener("htmx:responseError", (event) => {
    if (!own(event)) tell(event.detail.xhr.status === 401 ? "signed-out" : "error");
  });
  document.addEventListener("htmx:afterOnLoad", (event) => own(event) || tell(""));

  // A page that is meant for paper can be printed from itself.
  const offerPrinting = (root) => {
    for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // One tap sends once. The server refuses a second in any case; this spares the wait.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-once]")) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  });

  // On a phone the menu may be wider than the screen: where one is can be seen at once.
  for (const here of document.querySelectorAll(".nav-phone .active")) {
    const menu = here.parentElement;
    menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
  }

  // «/» leads to the search from wherever nothing is being typed.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const field = document.querySelector("[data-search]");
    if (!field || !field.checkVisibility()) return;
    event.preventDefault();
    field.focus();
  });

  const enhance = (root) => {
    offerPrinting(root);
    offerPasswords(root);
    focusErrors(root);
  };
  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
})();

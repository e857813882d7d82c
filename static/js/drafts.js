// What is typed of a meeting is kept on the server while it is typed, and what is to be saved is
// sent until it has arrived. Without this the form is sent as any other. Nothing is stored in the
// browser: what has not been sent is on the open page and nowhere else.
(() => {
  "use strict";
  const shown = () => document.getElementById("log");
  if (!shown()) return;

  const QUIET = 1000; // milliseconds without a key before the draft is sent
  const PATIENCE = 15000; // until a request counts as lost
  const FIRST_WAIT = 2000;
  const LONGEST_WAIT = 30000;
  const SMALL = 20000; // characters that a browser still sends while the page is being left

  const state = document.getElementById("draft");
  const notices = document.getElementById("log-notices");
  const button = document.querySelector(".log-bar [type=submit]");

  let revision = 0;
  let touched = false; // something was typed since the page was opened
  let unsent = false; // something was typed since the draft was last sent
  let stopped = false; // the draft is not sent until the reader has chosen
  let leaving = false;
  let flight = false; // a request is under way
  let control = null; // what it is given up with
  let pending = null; // what is to be saved, as it was when «Save» was tapped
  let tapped = 0;
  let home = shown().dataset.restored ?? ""; // whose draft is kept now
  let about = ""; // who is chosen now
  let first = ""; // who was chosen when it was written
  let other = null; // the draft that stands in the way
  let wait = 0;
  let timer = 0;

  // --- What the page says ------------------------------------------------------------------
  const say = (name) => {
    state.dataset.state = name;
    for (const word of state.querySelectorAll("[data-when]")) {
      // «Saved» is only out of sight while saving: see drafts.css.
      const stays = name === "saving" && word.dataset.when === "saved" && home;
      word.hidden = word.dataset.when !== name && !stays;
    }
    if (name === "saved") state.querySelector(".draft-discard").hidden = false;
  };
  const notice = (name) => {
    for (const one of notices.children) one.hidden = one.dataset.notice !== name;
    return notices.querySelector(`[data-notice="${name}"]`);
  };
  const tell = (name, sentence) => {
    notice(name).querySelector("[data-sentence]").textContent = sentence;
  };

  // --- What is sent ------------------------------------------------------------------------
  const participants = () => [...shown().querySelectorAll('[name="enrolment"]')];
  const chosen = () => participants().find((input) => input.checked || input.type === "hidden")?.value ?? "";
  const nameOf = (enrolment) => {
    const input = participants().find((one) => one.value === enrolment);
    return input?.labels?.[0]?.textContent.trim() ?? "";
  };
  const address = (enrolment) => `${location.pathname}?enrolment=${enrolment}`;
  const answers = () => {
    const body = new FormData(shown());
    body.delete("csrfmiddlewaretoken");
    return body;
  };
  const size = (body) => [...body.values()].reduce((sum, value) => sum + value.length, 0);

  // Signing in elsewhere changes the token of the cookie, so it is read each time.
  const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

  // The answer; null when none came, or one that passes (the server is being started anew).
  const ask = async (url, body, last = false) => {
    const own = (control = new AbortController());
    const giveUp = setTimeout(() => own.abort(), PATIENCE);
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": csrf() },
        signal: own.signal,
        redirect: "manual",
        keepalive: last && size(body) < SMALL,
      });
      const text = await response.text();
      if (response.status >= 500 || response.status === 429) return null;
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      return { status: response.status, text, ...(isJson ? JSON.parse(text) : {}) };
    } catch {
      return null;
    } finally {
      clearTimeout(giveUp);
    }
  };

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(go, milliseconds);
  };
  const again = () => {
    say("offline");
    wait = Math.min(wait * 2 || FIRST_WAIT, LONGEST_WAIT);
    later(wait);
  };
  const go = () => (pending ? send() : keep());

  // --- The draft ---------------------------------------------------------------------------
  const keep = async (last = false) => {
    clearTimeout(timer);
    if (flight || pending || stopped || leaving || !unsent) return;
    const enrolment = chosen();
    const body = answers();
    body.set("revision", ++revision);
    unsent = false;
    flight = true;
    if (state.dataset.state !== "offline") say("saving");
    const answer = await ask(shown().dataset.keep.replace("/0/", `/${enrolment}/`), body, last);
    flight = false;
    if (leaving) return;
    if (pending) return send();
    if (answer === null) {
      unsent = true;
      return again();
    }
    wait = 0;
    kept(answer, enrolment);
  };

  const kept = (answer, enrolment) => {
    if (answer.state === "kept") {
      home = enrolment;
      state.querySelector("[data-restored-at]")?.remove();
      if (!["moved", "sentence"].includes(showing())) notice("");
      if (unsent) return later(QUIET);
      return say("saved");
    }
    if (answer.state === "stale") return say("saved");
    unsent = true;
    say("");
    if (answer.state === "signed_out" || answer.status === 0) return signedOut(answer.kept);
    if (answer.state === "too_long") return tell("sentence", answer.sentence);
    stopped = true;
    if (answer.state === "elsewhere") {
      other = answer;
      return tell("elsewhere", answer.sentence);
    }
    return answer.sentence ? tell("sentence", answer.sentence) : notice("cannot");
  };
  const showing = () => [...notices.children].find((one) => !one.hidden)?.dataset.notice;

  const signedOut = (isKept) => {
    unsent = !isKept;
    say(isKept ? "saved" : "");
    const link = notice(isKept ? "signed-out-kept" : "signed-out").querySelector("a");
    if (isKept) link.href = `${address(chosen())}&kept=1`;
  };

  const typed = () => {
    touched = true;
    unsent = true;
    if (state.dataset.state !== "offline") say("saving");
    if (!stopped) later(wait || QUIET);
    else say("");
  };

  // --- Another participant is chosen ---------------------------------------------------------
  const open = (enrolment) => {
    leaving = true;
    location.assign(address(enrolment));
  };
  const moved = () => {
    const now = chosen();
    const begun = shown().dataset.drafts.split(" ");
    first ||= touched ? about : "";
    about = now;
    // What was only restored stays with whom it is about.
    if (!touched && (home || begun.includes(now))) return open(now);
    if (!touched) return undefined;
    stopped = false;
    typed();
    if (first === now) {
      first = "";
      return notice("");
    }
    const words = (node) => node.dataset.text.replace("{a}", nameOf(first)).replace("{b}", nameOf(now));
    const box = notice("moved");
    for (const node of box.querySelectorAll("[data-text]")) node.textContent = words(node);
    return undefined;
  };
  // What was written stays with one; the other gets a form of their own.
  const apart = async (stays, to) => {
    const input = participants().find((one) => one.value === stays);
    if (input) input.checked = true;
    document.dispatchEvent(new Event("log:shown"));
    stopped = false;
    unsent = true;
    notice("");
    while (flight) await new Promise((done) => setTimeout(done, 50));
    await keep();
    if (!unsent && state.dataset.state === "saved") location.assign(to);
  };

  // --- Saving the meeting --------------------------------------------------------------------
  const lock = (isLocked) => {
    shown().inert = isLocked;
    button.disabled = isLocked;
  };
  const send = async () => {
    clearTimeout(timer);
    if (flight || !pending) return;
    pending.set("waited", Math.round((Date.now() - tapped) / 1000));
    flight = true;
    if (state.dataset.state !== "offline") say("saving");
    const answer = await ask(shown().action, pending);
    flight = false;
    if (!pending) return answer?.next ? go_on(answer) : undefined;
    if (answer === null) {
      notice("waiting");
      return again();
    }
    wait = 0;
    if (answer.next) return go_on(answer);
    pending = null;
    lock(false);
    if (answer.status === 200) return replace(answer.text);
    unsent = true;
    return kept(answer, chosen());
  };
  const go_on = (answer) => {
    leaving = true;
    location.assign(answer.next);
  };
  // The form as the server gave it back, with what is wrong beside the questions.
  const replace = (html) => {
    const form = new DOMParser().parseFromString(html, "text/html").getElementById("log");
    if (!form) return notice("cannot");
    shown().replaceWith(document.adoptNode(form));
    document.dispatchEvent(new Event("log:shown"));
    notice("");
    shown().querySelector(".error-summary")?.focus();
    return typed();
  };
  const stopSending = () => {
    pending = null;
    wait = 0;
    lock(false);
    notice("");
    typed();
  };

  // --- What the reader does --------------------------------------------------------------------
  const choices = {
    write: stopSending,
    keep: () => {
      shown().querySelector('[name="seen"]').value += ` ${other.seen}`;
      stopped = false;
      notice("");
      keep();
    },
    other: () => {
      if (home && home !== chosen()) return apart(home, other.other);
      leaving = true;
      return location.assign(other.other);
    },
    apart: () => apart(first, address(chosen())),
    "sign-in": () => {
      leaving = true;
    },
  };
  notices.addEventListener("click", (event) => {
    choices[event.target.closest("[data-do]")?.dataset.do]?.();
  });

  document.addEventListener("input", (event) => {
    if (event.target.closest("#log") && event.target.name !== "enrolment") typed();
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("#log") && event.target.name === "enrolment") moved();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.closest("#log") && !wait) keep();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id === "discard") {
      event.target.elements.token.value = shown().elements.token.value;
      leaving = true;
    }
    if (event.target.id !== "log") return;
    event.preventDefault();
    if (pending || leaving) return;
    pending = answers();
    tapped = Date.now();
    lock(true);
    notice("");
    // A draft that is still on its way is not waited for: all of it is in what is saved now.
    if (flight) control.abort();
    else send();
  });

  about = chosen();
  // Without a script the server asks when a restored text is sent for another participant.
  shown().querySelector('[name="restored"]')?.remove();

  // --- The signal comes back, the page is left ---------------------------------------------------
  const atOnce = () => {
    if (!wait && !(showing() ?? "").startsWith("signed-out")) return;
    wait = 0;
    go();
  };
  window.addEventListener("online", atOnce);
  window.addEventListener("focus", atOnce);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") atOnce();
    else keep(true);
  });
  window.addEventListener("pagehide", () => keep(true));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (unsent || flight || pending)) event.preventDefault();
  });
})();

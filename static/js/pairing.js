// Says whom one is about to choose, and lets no third be ticked. A pair that was suggested and
// mentors chosen one by one exclude each other. The server has the last word.
for (const form of document.querySelectorAll("[data-pairing]")) {
  const wanted = Number(form.dataset.pairing);
  const pairs = [...form.querySelectorAll("[name=pair]")];
  const inputs = [...form.querySelectorAll("[name=mentors]")];
  const sentence = form.querySelector("[data-sentence]");
  const plain = sentence.textContent;

  const show = () => {
    const pair = pairs.find((input) => input.checked);
    const ticked = inputs.filter((input) => input.checked);
    const names = pair ? pair.dataset.names.split("|") : ticked.map((input) => input.dataset.name);
    const texts = { 0: plain, 1: wanted === 1 ? sentence.dataset.some : sentence.dataset.one };
    const text = names.length >= wanted ? sentence.dataset.some : texts[names.length];
    sentence.textContent = text.replace("{a}", () => names[0] ?? "").replace("{b}", () => names[1] ?? "");
    if (wanted === 1) return;
    for (const input of inputs) input.disabled = !input.checked && ticked.length >= wanted;
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === "pair") {
      for (const input of inputs) input.checked = false;
      form.querySelector("#pair-check")?.replaceChildren();
    } else if (event.target.name === "mentors") {
      for (const input of pairs) input.checked = false;
    }
    show();
  });
  show();
}

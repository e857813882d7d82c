// Says whom one is about to choose, and lets no third be ticked. The server has the last word.
for (const form of document.querySelectorAll("[data-pairing]")) {
  const wanted = Number(form.dataset.pairing);
  const inputs = [...form.querySelectorAll("[name=mentors]")];
  const sentence = form.querySelector("[data-sentence]");
  const plain = sentence.textContent;

  const show = () => {
    const names = inputs.filter((input) => input.checked).map((input) => input.dataset.name);
    const texts = { 0: plain, 1: wanted === 1 ? sentence.dataset.some : sentence.dataset.one };
    const text = names.length >= wanted ? sentence.dataset.some : texts[names.length];
    sentence.textContent = text.replace("{a}", names[0] ?? "").replace("{b}", names[1] ?? "");
    if (wanted === 1) return;
    for (const input of inputs) input.disabled = !input.checked && names.length >= wanted;
  };
  form.addEventListener("change", show);
  show();
}

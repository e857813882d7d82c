// Copies what stands in a field. Without this, it is marked and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const done = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // An older browser, or one that does not allow it: what is marked is copied the old way.
      if (!document.execCommand("copy")) return;
    }
    done.hidden = false;
  });
}

// The settings pages work without this; with it, the effect of thresholds is shown as they are
// typed, and a webhook's secret can be copied.

const WAIT = 350; // milliseconds after the last key

/** Shows what thresholds would have done, as soon as they have been typed. */
function showEffects(button) {
  const form = button.form;
  const place = document.getElementById("effect");
  let timer = 0;
  let asking = null;

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    place.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(button.formAction, { method: "POST", body, signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const effect = page.getElementById("effect");
      if (effect) place.replaceChildren(...effect.childNodes);
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
    } finally {
      if (!signal.aborted) place.removeAttribute("aria-busy");
    }
  }

  for (const name of ["hold_above", "reject_above"]) {
    form.elements[name].addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
  }
}

/** Copies what stands in a field. */
function copies(button) {
  const field = document.getElementById(button.dataset.copies);
  const said = document.querySelector("[data-said]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    said.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("[data-tries]")) showEffects(button);
for (const button of document.querySelectorAll("[data-copies]")) copies(button);
for (const field of document.querySelectorAll("[data-copy]")) {
  field.addEventListener("focus", () => field.select());
}

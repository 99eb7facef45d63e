// A note is kept in this tab while it is written: a session may end before it is sent. It is kept
// for whoever writes it, and until the comment it belongs to is decided about.

const KEPT = "note ";
const key = (comment) => `${KEPT}${document.body.dataset.me} ${comment}`;
const note = document.getElementById("note");
const decided = document.querySelector("[data-decided]")?.dataset.decided;

if (decided) sessionStorage.removeItem(key(decided));

if (note) {
  const here = key(note.form.dataset.comment);
  const written = sessionStorage.getItem(here);
  if (written && !note.value) {
    note.value = written;
    note.closest("details").open = true;
  }
  note.addEventListener("input", () => sessionStorage.setItem(here, note.value));
}

document.querySelector("[data-leaves]")?.addEventListener("submit", () => {
  for (const one of Object.keys(sessionStorage)) {
    if (one.startsWith(KEPT)) sessionStorage.removeItem(one);
  }
});

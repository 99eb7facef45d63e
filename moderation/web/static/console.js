/* One key decides. All works without this script: it presses buttons that are there, and in a
   list sends their forms itself and puts the row that comes back in the old one's place. */

const find = (what, within = document) => within.querySelector(what);
const here = () => document.activeElement?.closest(".row");
const list = find(".queue");
const reasons = find("#reasons");
const help = find("#help");
const asks = reasons instanceof HTMLDialogElement;
let target = null; // the row a reason is asked for
let latest = null; // the row decided about last
let sent = -1e4; // when a form was: a press may come twice

async function send(row, form, field) {
  if (row.ariaBusy === "true") return;
  const body = new URLSearchParams(new FormData(form));
  body.set("part", "row");
  if (field) body.set(field.name, field.value);
  row.ariaBusy = "true";
  find("#failed").hidden = true;
  try {
    const reply = await fetch(form.action, { method: "POST", body });
    if (reply.redirected) return location.reload(); // signed out: the page leads there
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = find(".row", page);
    if (!fresh) throw new Error(find("[role=alert]", page)?.textContent.trim());
    row.replaceWith(fresh);
    veil(fresh);
    fresh.focus();
    latest = fresh;
    find("#told").textContent = (find("[role=alert], .result p", fresh) || fresh).textContent;
  } catch (error) {
    row.ariaBusy = null;
    const told = find("#failed");
    told.textContent = (!(error instanceof TypeError) && error.message) || told.dataset.failed;
    told.hidden = false;
  }
}

function press(button) {
  button?.click();
  return Boolean(button);
}

function decide(value) {
  const within = list ? here() : document;
  return within && press(find(`form:not(#bulk) [name=verdict][value=${value}]`, within));
}

function reject() {
  if (!reasons || (list && asks && !press(here() && find("[data-reject]", here())))) return false;
  if (!asks) {
    reasons.classList.add("armed");
    find("button", reasons).focus();
  }
  return true;
}

function move(by) {
  const rows = [...document.querySelectorAll(".row")];
  const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(here()) + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function undo() {
  const places = [here(), latest?.isConnected && latest, find("[data-notice]"), document];
  return press(places.map((one) => one && find("[data-undo]", one)).find(Boolean)) || tell();
}

function tell() {
  const told = find("#told");
  told.textContent = told.dataset.nothing;
  return told.classList.replace("unseen", "toast");
}

function reveal() {
  const within = here() || document;
  const veils = [...within.querySelectorAll(".veil")];
  const open = veils.some((one) => one.classList.contains("blurred"));
  veils.forEach((one) => blur(one, !open));
  return veils.length > 0;
}

function blur(one, on) {
  one.classList.toggle("blurred", on);
  [...one.children].slice(1).forEach((text) => (text.inert = on));
}

function veil(within) {
  within.querySelectorAll(".veil").forEach((one) => {
    one.open = true;
    blur(one, true);
  });
}

const keys = {
  p: () => decide("publish"),
  h: () => decide("hold"),
  r: reject,
  u: undo,
  j: () => move(1),
  k: () => move(-1),
  o: () => press(here() && find(".author", here())),
  Enter: () => document.activeElement === here() && keys.o(),
  n: () => press(find("#next")),
  x: () => press(here() && find(".pick", here())),
  "/": () => find("#q") && (find("#q").focus(), find("#q").select(), true),
  b: reveal,
  "?": () => (help.showModal(), true),
};

const isOn = () => localStorage.getItem("keys") !== "off";
const isTyping = (at) => at.closest("textarea, select, input:not([type=checkbox], [type=radio])");

function show() {
  document.documentElement.classList.toggle("keyed", isOn());
  const button = find("#switch");
  button.textContent = button.dataset[isOn() ? "off" : "on"];
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isArmed = reasons?.matches("[open], .armed");
  if (event.key === "Escape") {
    reasons?.classList.remove("armed");
    if (isTyping(event.target)) event.target.blur();
    return;
  }
  find("#told").classList.replace("toast", "unseen");
  if (!isOn() || help.open || isTyping(event.target)) return;
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.repeat && !"jk".includes(letter)) return; // held down since before
  const chosen = isArmed && find(`[data-key="${CSS.escape(letter)}"]`, reasons);
  if (isArmed ? chosen && press(chosen) : keys[letter]?.()) event.preventDefault();
});

addEventListener("submit", (event) => {
  const { target: form, submitter, timeStamp } = event;
  const row = form.matches(".quick, .undo") && form.closest(".row");
  const leaves = !row && form.method === "post";
  if (row || (leaves && timeStamp - sent < 1000)) event.preventDefault();
  if (row) send(row, form, submitter?.name && submitter);
  if (leaves) sent = timeStamp;
});

addEventListener("click", (event) => {
  const at = event.target;
  if (asks && at.closest("[data-reject]")) {
    event.preventDefault();
    target = at.closest(".row");
    reasons.showModal();
  } else if (asks && at.closest("[data-key]")) {
    reasons.close();
    send(target, find(".quick", target), at.closest("[data-key]"));
  } else if (at.closest(".veil summary")) {
    event.preventDefault();
    const one = at.closest(".veil");
    blur(one, !one.classList.contains("blurred"));
  } else if (at.closest(".note summary")) setTimeout(() => find("#note").focus());
  else if (at.closest("#help-open")) help.showModal();
  else if (at.closest("#switch")) {
    localStorage.setItem("keys", isOn() ? "off" : "on");
    show();
  }
});

reasons?.addEventListener("focusout", (event) => {
  if (!reasons.contains(event.relatedTarget)) reasons.classList.remove("armed");
});
veil(document);
show();
find("#help-open").hidden = false;
(find("[data-notice]") || find("[role=alert].notice:not(.toast)"))?.focus();

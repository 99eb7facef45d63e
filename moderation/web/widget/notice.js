// Sentences that stay on the page, and buttons that wait.

import { h } from "./dom.js";
import { Refusal } from "./service.js";
import { span } from "./dates.js";

// Return a notice; it can take the keyboard, so that it is heard.
export function notice(kind, ...children) {
  return h(`div.notice.${kind}`, { tabindex: -1 }, ...children);
}

export function button(text, click, properties) {
  return h("button", { type: "button", on: { click }, ...properties }, text);
}

// The words stand in an element of their own: its ground is mixed from the ink of the page, which
// is not the ink of the words.
export function mainButton(text, properties) {
  return h("button.main", properties, h("span", text));
}

// Return the last line of a form: what sends it, and what leaves it.
export function ending(main, leave, { say }) {
  return h("p.send", main, leave && button(say("form.cancel"), leave));
}

// Say why something was refused, in the reader's language.
export function reason({ detail }, { say }) {
  return detail || say("away.reading");
}

// Say that a text is kept, where it may be sent again.
export function sayKept({ mayRepeat }, { say }) {
  return mayRepeat && h("p", say("form.kept"));
}

// A busy button keeps the keyboard, which a disabled one would lose.
function setBusy(button, isBusy) {
  button.ariaDisabled = isBusy;
}

// Let a button count down before it works again, as long as the discussion is there.
export function countDown(button, seconds, { words, signal }) {
  const place = button.firstElementChild || button;
  const label = place.textContent;
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    const waits = left > 0 && !signal.aborted;
    setBusy(button, waits);
    place.textContent = waits ? words.say("away.wait", { time: span(left, words) }) : label;
    if (!waits) clearInterval(clock);
  };
  const clock = setInterval(tick, 1000);
  signal.addEventListener("abort", tick);
  tick();
}

// Do what a button promises, once at a time; tell in `place` why the service refuses. `take` deals
// with the refusals it knows. An error with a `field` has been shown there already.
export async function attempt(main, place, discussion, action, take) {
  if (main.ariaDisabled === "true") return;
  setBusy(main, true);
  place.replaceChildren();
  try {
    await action();
    setBusy(main, false);
  } catch (refusal) {
    setBusy(main, false);
    if (refusal.field) return;
    if (!(refusal instanceof Refusal)) throw refusal;
    if (await take?.(refusal)) return;
    const { words } = discussion;
    const why = refusal.errors[0]?.message || reason(refusal, words);
    const hasText = main.form?.querySelector("textarea").value;
    const told = notice("problem", why, hasText && sayKept(refusal, words));
    place.replaceChildren(told);
    told.focus();
    if (refusal.retryAfter) countDown(main, refusal.retryAfter, discussion);
  }
}

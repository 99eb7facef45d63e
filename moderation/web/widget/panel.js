// What the captcha panel is made of.

import { h, newId } from "./dom.js";
import { button } from "./notice.js";

// Return its parts by name; `panel` reacts to them.
export function layOutCaptcha(panel) {
  const { say } = panel;
  const hint = (text, id) => h("p.hint", { id }, text);
  const id = newId();
  const field = h("input", {
    id, inputmode: "text", maxlength: 64, autocomplete: "off", autocapitalize: "none",
    spellcheck: "false", "aria-describedby": `${id}e ${id}h`, on: { input: () => panel.excuse() },
  });
  const question = h("span.captcha-question", { dir: "ltr", "aria-hidden": "true" });
  const speech = h("span.unseen");
  const label = h("label", { for: id }, say("sum"), " ", question, speech);
  const picture = h("img", {
    alt: say("picture"), on: { error: () => panel.challenge?.image_url && panel.tell("unseen") },
  });
  const error = h("p.error", { id: `${id}e` });
  const another = button(say("another"), () => panel.change());
  const line = h("div.captcha-line", field, another);
  const sum = h("div.field", label, picture, error, line, hint(say("hint"), `${id}h`));
  const listener = button(say("listen"), () => panel.listen());
  const [intro, effort] = [hint(), hint(say("prove_hint"), `${id}w`)];
  const skip = button("", () => panel.toggle(), { "aria-describedby": effort.id });
  const retry = button(panel.words.say("away.again"), () => panel.change());
  const ways = h("div.captcha-line", retry, listener, skip);
  const mark = (key) => () => (listener.textContent = say(key));
  const player = h("audio", { preload: "none", on: { play: mark("stop"), pause: mark("listen") } });
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("prove") });
  const percent = h("span", { "aria-hidden": "true" });
  const work = h("div", bar, " ", percent);
  const status = h("p", { role: "status" });
  const legend = h("legend", say("legend"));
  const all = [legend, intro, sum, ways, effort, work, status, player];
  const element = h("fieldset.captcha", ...all);
  return {
    element, intro, sum, question, speech, picture, error, field, listener, skip, retry,
    player, effort, bar, percent, status,
  };
}

// What the form is made of.

import { h, newId } from "./dom.js";
import { ending, mainButton } from "./notice.js";
import { Field } from "./field.js";

// Return its parts by name; `form` reacts to them.
export function layOutForm(form, member) {
  const { parent, words } = form;
  const { say } = words;
  const id = newId();
  const title = parent ? say("form.reply_to", parent.author) : say("form.title");
  const label = say(parent ? "form.reply" : "form.send");
  const input = (name) => {
    const type = name === "email" && name;
    return h("input", { name, type, autocomplete: name, dir: "auto" });
  };
  const line = (name, optional) => new Field(say(`form.${name}`), input(name), optional);
  const text = new Field(say("form.text"), h("textarea", { name: "text", dir: "auto" }));
  const fields = member
    ? { text }
    : { text, name: line("name"), email: line("email", say("form.optional")) };
  const unseen = { tabindex: -1, autocomplete: "off", "aria-hidden": "true" };
  const shown = h("div.words", { dir: "auto" });
  const parts = {
    fields,
    label,
    shown,
    told: h("div"),
    length: h("p.hint"),
    preview: h(
      "details",
      { on: { toggle: () => form.show() } },
      h("summary", say("form.preview")),
      shown,
    ),
    button: mainButton(label),
    trap: h("input.beside", { name: "website", ...unseen }),
  };
  const more = rest(form, member, parts);
  const on = {
    submit: (event) => form.send(event),
    input: () => form.typed(),
    focusin: () => form.touch(),
    focusout: () => form.save(), // whoever types next elsewhere shall find it
  };
  const element = h(
    "form.box",
    { novalidate: true, "aria-labelledby": id, on },
    h(parent ? "h4" : "h3", { id }, title),
    parts.told,
    text.element,
    more,
  );
  return { ...parts, more, element };
}

// Return what shows once somebody begins to write.
function rest({ gate, leave, words }, member, { fields, length, preview, trap, button }) {
  const { name, email } = fields;
  return h(
    "div",
    { hidden: true },
    length,
    preview,
    member
      ? h("p.hint", words.say("form.member", member))
      : h("div.pair", name.element, email.element),
    trap,
    gate.element,
    ending(button, leave, words),
    !member && h("p.hint", words.say("form.intro")),
  );
}

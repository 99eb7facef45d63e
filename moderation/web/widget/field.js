// One field of a form: its label stays, and what is wrong stands beside it.

import { h, newId } from "./dom.js";

export class Field {
  constructor(name, input, optional) {
    const id = newId();
    Object.assign(this, { name, input });
    input.id = id;
    this.error = h("p.error", { id: `${id}-error` });
    input.setAttribute("aria-describedby", this.error.id);
    input.required = !optional;
    const label = h("label", { for: id }, name, optional && h("span.optional", ` (${optional})`));
    this.element = h("div.field", label, this.error, input);
  }

  get value() {
    return this.input.value.trim();
  }

  // Return how long it is as the service counts: in characters, not in their halves.
  get length() {
    return [...this.value].length;
  }

  // Find what can be found without asking the service; returns what is wrong.
  check(limit, { say }) {
    const { input, length: count } = this;
    const isLacking = input.required && !count;
    const wrong = isLacking
      ? say("form.missing")
      : count > limit
        ? say("form.length", { count, limit })
        : "";
    this.refuse(wrong);
    return wrong;
  }

  // Show what is wrong, or that nothing is.
  refuse(message) {
    this.error.textContent = message;
    this.input.ariaInvalid = Boolean(message);
  }

  // Return a link that leads to the field; the page cannot follow it into the shadow.
  link() {
    const click = (event) => {
      event.preventDefault();
      this.input.focus();
    };
    return h("a", { href: "#", on: { click } }, this.name);
  }
}

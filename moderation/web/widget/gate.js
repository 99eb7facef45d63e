// The captcha of one form: asked for when it is needed, and not before.

import { h } from "./dom.js";
import { CaptchaPanel } from "./captcha.js";
import { notice } from "./notice.js";

export class Gate {
  constructor({ service, words, settings, member, announce }) {
    this.announce = announce;
    this.needs = { service, words, form: settings };
    this.isAsked = settings.captcha === "always" && !member?.trusted;
    this.element = h("div");
  }

  // Somebody begins to write: ask now, so that the question is there when it is wanted.
  wake() {
    if (this.isAsked && !this.panel) this.open();
  }

  open(challenge, ...told) {
    this.panel ||= new CaptchaPanel(this.needs);
    this.element.replaceChildren(...told, this.panel.element);
    return this.panel.open(challenge);
  }

  // Return the member of a body that answers; raises when the reader has not.
  async answer() {
    this.wake();
    return this.panel && { captcha: await this.panel.answer() };
  }

  // Deal with a refusal, and tell whether it was the captcha's; `title` says what is missing.
  async take({ code, detail, challenge, errors }, title) {
    const wrong = errors.find(({ pointer }) => pointer.startsWith("/captcha"));
    if (!wrong && !code.startsWith("captcha_")) return false;
    if (challenge) {
      await this.open(challenge, notice("away", title && h("b", title), h("p", detail)));
      this.announce(detail);
      this.element.querySelector("input")?.focus();
    } else {
      if (!this.panel) await this.open();
      this.panel?.refuse(wrong?.message || detail);
    }
    return true;
  }

  close() {
    this.panel?.close();
    this.panel = null;
    this.element.replaceChildren();
  }
}

// The form: takes a comment or a reply, and never loses a word of it.

import { h, prose } from "./dom.js";
import { attempt, countDown, notice, reason, sayKept } from "./notice.js";
import { Draft } from "./drafts.js";
import { Gate } from "./gate.js";
import { layOutForm } from "./blank.js";

const PAUSE = 400; // milliseconds of quiet before a draft is kept
const FEW = 500; // characters left from which on they are counted
const STEP = 100; // of them between two announcements

export class CommentForm {
  // `parent` is the comment answered; `leave` closes the form of a reply.
  constructor(discussion, parent, leave) {
    Object.assign(this, { discussion, parent, leave, words: discussion.words });
    this.draft = new Draft(discussion.service.site, discussion.thread, parent?.id);
    this.gate = new Gate(discussion);
    Object.assign(this, layOutForm(this, discussion.member));
    discussion.forms.add(this);
    this.restore();
  }

  // Put back what was typed before, in this form or in another tab, and who is writing; what was
  // typed here since is newer.
  restore() {
    if (this.isTyped || this.isSending) return null;
    const before = this.draft.news();
    for (const [name, { input }] of Object.entries(this.fields))
      input.value = before[name] || this.discussion.author[name] || input.value;
    if (!before) return null;
    this.sent = before.sent;
    this.measure();
    this.wake(); // now, not at the first touch: what moves under a finger is missed
    return before;
  }

  touch() {
    this.restore();
    this.wake();
  }

  // Keep what is here, and see what others kept.
  sync() {
    this.save();
    this.restore();
  }

  wake() {
    this.more.hidden = false;
    if (this.discussion.forms.has(this)) this.gate.wake(); // else it was left: nobody would answer
  }

  typed() {
    this.isTyped = true;
    this.measure();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.save(), PAUSE);
  }

  // Show how much room is left where there is little, and the preview.
  measure() {
    const limit = this.discussion.settings.longest_text;
    const { length: count } = this.fields.text;
    const step = count > limit - FEW && Math.floor((limit - count) / STEP);
    const said = step !== false ? this.words.say("form.length", { count, limit }) : "";
    this.length.textContent = said;
    if (step !== this.step) this.discussion.announce(said);
    this.step = step;
    this.show();
  }

  show() {
    if (this.preview.open) this.shown.replaceChildren(...prose(this.fields.text.value, false));
  }

  // Keep what was typed here; where nothing was, another's draft stays.
  save() {
    clearTimeout(this.pause);
    if (!this.isTyped) return;
    this.isTyped = false;
    const { text, ...author } = this.values();
    Object.assign(this.discussion.author, author);
    this.draft.save(text && { text, ...author, sent: this.sent });
  }

  values() {
    return Object.fromEntries(
      Object.entries(this.fields).map(([name, { value }]) => [name, value]),
    );
  }

  // Return what is sent, without the captcha's answer.
  content() {
    const { service, thread, title, member } = this.discussion;
    const { text, name = member?.name, email = "" } = this.values();
    return {
      site: service.site,
      thread: { url: thread, title },
      parent: this.parent?.id || null,
      author: { name, email },
      text,
      website: this.trap.value,
      locale: service.locale,
      identity: member?.token,
    };
  }

  // Return what is to be sent under which key: after a lost answer the very same again, which
  // the service takes for one comment.
  async attempt() {
    const content = this.content();
    const { captcha, ...before } = this.sent?.body || {};
    if (JSON.stringify(before) === JSON.stringify(content)) return this.sent;
    const body = { ...content, ...(await this.gate.answer()) };
    return { body, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
  }

  send(event) {
    event.preventDefault();
    attempt(
      this.button,
      this.told,
      this.discussion,
      async () => {
        const wrong = this.check();
        if (wrong.length) return this.mend("", wrong);
        this.sent = await this.attempt();
        this.isTyped = true; // the key is kept with the text
        this.save();
        this.isSending = true;
        this.settle(await this.discussion.service.send(this.sent.body, this.sent.key));
      },
      (refusal) => this.refuse(refusal),
    );
  }

  // Return what is wrong: pairs of a field and a message.
  check() {
    const { longest_text: limit } = this.discussion.settings;
    return Object.values(this.fields)
      .map((field) => [field, field.check(limit, this.words)])
      .filter(([, message]) => message);
  }

  settle(receipt) {
    const { discussion, parent, leave } = this;
    const { text, author } = this.sent.body;
    const root = parent ? parent.root : receipt.id;
    const isPending = !receipt.comment;
    const rest = this.clear(text);
    if (!rest) leave?.();
    discussion.mine.keep(receipt);
    discussion.welcome(
      { parent: parent?.id, root, author, text, ...receipt, ...receipt.comment },
      isPending,
    );
    if (rest) this.focus(); // somebody is still writing
  }

  // Take away what was sent; return whether something was typed since, which stays.
  clear(sent) {
    const { input } = this.fields.text;
    const typed = input.value.trimStart();
    const rest = typed.startsWith(sent) ? typed.slice(sent.length).trimStart() : typed;
    if (rest !== typed) input.value = rest;
    this.sent = null;
    this.isSending = this.preview.open = false;
    this.more.hidden = true;
    this.button.firstChild.textContent = this.label;
    this.gate.close();
    this.isTyped = rest || !this.restore(); // a draft of another tab stays
    this.save();
    this.measure();
    if (rest) this.wake();
    return rest;
  }

  // Tell what the service has against it. When nobody knows whether it arrived, or when it was
  // not even looked at, the same is sent again.
  async refuse(refusal) {
    const { words } = this;
    const { errors, retryAfter } = refusal;
    this.isSending = false;
    if (!refusal.mayRepeat) this.sent = null;
    this.isTyped = true;
    this.save();
    if (!this.discussion.forms.has(this)) return true; // it was left meanwhile
    if (await this.gate.take(refusal, words.say("form.not_sent"))) return true;
    if (errors.length)
      this.mend(
        reason(refusal, words),
        errors.map(({ pointer, message }) => [this.fields[pointer.split("/").pop()], message]),
      );
    else this.tell(reason(refusal, words), sayKept(refusal, words));
    this.button.firstChild.textContent = words.say("form.send_again");
    if (retryAfter) countDown(this.button, retryAfter, this.discussion);
    return true;
  }

  mend(text, wrong) {
    this.tell(
      text,
      h(
        "ul",
        wrong.map(([field, message]) => {
          field?.refuse(message);
          return h("li", field && [field.link(), " – "], message);
        }),
      ),
    );
  }

  tell(text, ...more) {
    const title = h("b", this.words.say("form.not_sent"));
    const told = notice("problem", title, text && h("p", text), ...more);
    this.told.replaceChildren(told);
    told.focus();
  }

  focus() {
    this.fields.text.input.focus();
  }

  close() {
    this.save();
    this.gate.close();
    this.discussion.forms.delete(this);
  }
}

// The captcha panel: a sum to read, the same sum to hear, or no sum at all.

import { span } from "./dates.js";
import { layOutCaptcha } from "./panel.js";

const CAPTCHA_LOOK = 1e3; // ms; timers stand still while a computer sleeps, so look at the clock
const CAPTCHA_MARGIN = 2e4; // ms before the end: what is left to send an answer
const CAPTCHA_TOLD = 4e3; // ms between two percentages that are read out
const CAPTCHA_WAIT = 30; // s before a silent service is asked again

export class CaptchaPanel {
  constructor({ service, words, form }) {
    Object.assign(this, { service, words });
    this.say = (key, figures) => words.say(`captcha.${key}`, figures);
    this.hasProof = form.has_pow && isSecureContext;
    Object.assign(this, layOutCaptcha(this));
    this.close();
  }

  // Show `challenge`, or ask for one. Never reject: the panel itself offers another try.
  async open(challenge = null) {
    this.close();
    this.watch = new AbortController();
    const { signal } = this.watch;
    const renew = () => this.renew();
    const timer = setInterval(renew, CAPTCHA_LOOK);
    signal.addEventListener("abort", () => clearInterval(timer));
    document.addEventListener("visibilitychange", renew, { signal });
    if (challenge) this.take(challenge);
    else await this.ask();
  }

  close() {
    this.watch?.abort();
    this.watch = null;
    this.forget();
    this.player.pause();
    this.tell();
    this.show();
  }

  // Return what a request has as "captcha", after waiting for a proof that is under way. Where
  // there is nothing to send, raise an Error that was told already; its `field` has the focus.
  async answer() {
    const answer = this.field.value.trim();
    let lack = "empty";
    if (this.isProved() || (this.proof && !answer)) {
      if (Date.now() >= this.proof.end) this.prove(true);
      const altcha = await this.proof.payload.catch(() => null);
      if (altcha) return { altcha };
    } else if (Date.now() >= this.end) {
      if (this.challenge) lack = "changed";
      await this.ask();
    } else if (answer) return { token: this.challenge.token, answer };
    throw this.blame(this.say(this.challenge ? lack : "away"));
  }

  // Say beside a new question why the server refused the answer.
  async refuse(message) {
    this.forget();
    await this.ask();
    this.blame(message);
  }

  // Ask for a question, and tell `notice` when it is there.
  ask(notice) {
    this.asking ||= this.service
      .challenge("arithmetic")
      .then((challenge) => this.watch && this.take(challenge, notice))
      .catch((refusal) => this.watch && this.endure(refusal, notice))
      .finally(() => (this.asking = null));
    return this.asking;
  }

  renew() {
    if (document.hidden) return;
    if (!this.isProved()) {
      if (Date.now() >= this.due) this.ask(this.challenge && "changed");
    } else if (Date.now() >= this.proof.due) this.prove(true);
  }

  change() {
    this.tell();
    this.ask("fresh");
  }

  take(challenge, notice) {
    const { locale, question, speech, audio_url: sound, image_url: image } = challenge;
    const wasRetried = this.retry.matches(":focus");
    this.challenge = challenge;
    Object.assign(this, limits(challenge));
    this.field.value = "";
    this.excuse();
    this.question.lang = this.speech.lang = locale;
    this.question.textContent = question;
    this.speech.textContent = speech;
    this.player.src = sound || ""; // which silences the old one, without an event
    this.listener.textContent = this.say("listen");
    this.picture.src = image || "";
    this.tell(notice);
    this.show();
    if (notice) this.status.append(" ", this.speech.cloneNode(true));
    if (wasRetried) this.field.focus();
  }

  endure(refusal, notice) {
    this.due = Date.now() + (refusal.retryAfter || CAPTCHA_WAIT) * 1e3;
    if (Date.now() >= this.end) this.challenge = null;
    if (!this.challenge || notice === "fresh") this.complain(refusal, "away");
    this.show();
  }

  forget() {
    this.drop();
    this.challenge = null;
    this.end = this.due = 0;
  }

  listen() {
    const { player } = this;
    if (!player.paused) return player.pause();
    player.currentTime = 0;
    return player.play().catch(({ name }) => {
      player.pause();
      if (name !== "AbortError") this.tell("unheard");
    });
  }

  toggle() {
    if (!this.proof) return this.prove();
    this.tell(this.isProved() ? "" : "cancelled");
    this.drop();
    this.show();
    return this.renew();
  }

  isProved() {
    return this.proof?.isDone;
  }

  // Let the browser work; quietly where an earlier proof is too old.
  prove(isQuiet = false) {
    this.drop();
    const proof = new AbortController();
    this.proof = Object.assign(proof, { isDone: isQuiet });
    proof.payload = this.work(proof, isQuiet);
    proof.payload.catch(() => {}); // it was told
    if (!isQuiet) this.tell("proving");
    this.show();
  }

  async work(proof, isQuiet) {
    try {
      this.told = Date.now();
      this.progress(0);
      const { prove } = await import("./proof.js");
      const challenge = await this.service.challenge("pow");
      const times = limits(challenge);
      const report = (share) => isQuiet || this.progress(share);
      const payload = await prove(challenge.altcha, report, proof.signal);
      Object.assign(proof, { isDone: true }, times);
      if (!isQuiet) this.tell("proved");
      this.show();
      return payload;
    } catch (trouble) {
      if (this.proof === proof) {
        this.proof = null;
        this.complain(trouble, "unproved");
        this.show();
        this.renew();
      }
      throw trouble;
    }
  }

  progress(share) {
    const percent = { percent: Math.floor(share * 100) };
    this.bar.value = share;
    this.percent.textContent = this.say("percent", percent);
    if (Date.now() - this.told < CAPTCHA_TOLD) return;
    this.told = Date.now();
    this.tell("percent", percent);
  }

  drop() {
    this.proof?.abort();
    this.proof = null;
  }

  tell(key, figures) {
    const sentence = key ? this.say(key, figures) : "";
    if (this.status.textContent !== sentence) this.status.textContent = sentence; // not said twice
  }

  complain({ status, retryAfter: seconds }, key) {
    const time = seconds && span(seconds, this.words);
    this.tell(status === 429 && time ? "slow" : key, { time });
  }

  blame(message) {
    const field = this.challenge ? this.field : this.retry;
    this.error.textContent = message;
    this.field.ariaInvalid = true;
    field.focus();
    return Object.assign(new Error(message), { field });
  }

  excuse() {
    this.error.textContent = "";
    this.field.ariaInvalid = null;
  }

  show() {
    const { challenge, due, element, skip, sum, retry } = this;
    const isDone = this.isProved();
    const isHere = element.matches(":focus-within") && !skip.matches(":focus");
    // A reader who is at the sum is not thrown out of it.
    const hasSum = challenge && (!isDone || isHere);
    sum.hidden = !hasSum;
    this.listener.hidden = !hasSum || !challenge.audio_url;
    this.question.hidden = this.speech.hidden = !challenge?.question;
    this.picture.hidden = !challenge?.image_url;
    retry.hidden = !due || challenge || isDone;
    skip.hidden = !due || !this.hasProof;
    skip.textContent = this.say(isDone ? "undo" : this.proof ? "cancel" : "prove");
    this.effort.hidden = skip.hidden || isDone;
    this.bar.parentNode.hidden = !this.proof || isDone;
    this.intro.textContent = this.say(due ? "ways" : "soon");
    this.intro.hidden = isDone || (due && this.effort.hidden && this.listener.hidden);
    if (isHere && !hasSum) (retry.hidden ? skip : retry).focus();
  }
}

// Return when a challenge ends by this computer's clock, and when it is time for another: the
// margin before the end, or a quarter of a short life.
function limits({ expires_in: seconds }) {
  const end = Date.now() + seconds * 1e3;
  return { end, due: end - Math.min(CAPTCHA_MARGIN, seconds * 250) };
}

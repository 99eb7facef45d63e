// <moderation-comments> and <moderation-count>: the widget's two elements.

import { LOOK } from "./built.js";
import { h } from "./dom.js";
import { Service } from "./service.js";
import { localeOf, wordsOf } from "./words.js";
import { readMember } from "./member.js";
import { Discussion } from "./discussion.js";
import { askCount } from "./count.js";

const BASE = new URL(".", import.meta.url);
const NEAR = "800px"; // a discussion is fetched when it is this close to being seen
const sheet = new CSSStyleSheet(); // made this way, no policy of a page forbids it
sheet.replaceSync(LOOK);

class Placed extends HTMLElement {
  get site() {
    const scripts = [...document.querySelectorAll("script[data-site]")];
    return (
      this.dataset.site || scripts.find(({ src }) => src === import.meta.url)?.dataset.site || ""
    );
  }

  get thread() {
    const canonical = document.querySelector("link[rel=canonical]")?.href;
    const { baseURI } = document;
    const address = [this.dataset.thread, canonical, location.href].find(
      (one) => one && URL.canParse(one, baseURI),
    );
    return new URL(address, baseURI).href.split("#")[0];
  }

  get locale() {
    return localeOf(this.dataset.locale || this.closest("[lang]")?.lang);
  }
}

class ModerationComments extends Placed {
  static observedAttributes = [
    "data-site",
    "data-thread",
    "data-title",
    "data-locale",
    "data-order",
    "data-identity",
  ];

  // A signed-in reader's token; the attribute data-identity is the same.
  set identity(token) {
    this.dataset.identity = token || "";
  }

  connectedCallback() {
    if (Object.hasOwn(this, "identity")) {
      // set before this script was there
      const { identity } = this;
      delete this.identity;
      this.identity = identity;
    }
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.wait();
  }

  disconnectedCallback() {
    this.leave.abort();
  }

  // A page that changes without being left says so here.
  attributeChangedCallback(name, before, now) {
    if (this.isConnected && this.leave && before !== now) this.wait();
  }

  // Start when the discussion comes near, or at once when the address names a comment.
  wait() {
    this.leave?.abort();
    this.leave = new AbortController();
    const { signal } = this.leave;
    this.shadowRoot.replaceChildren(h("section"));
    const observer = new IntersectionObserver(
      (seen) => {
        if (
          !seen.some(({ isIntersecting }) => isIntersecting) &&
          !location.hash.startsWith("#comment-")
        )
          return;
        observer.disconnect();
        if (!signal.aborted) this.start(signal);
      },
      { rootMargin: NEAR },
    );
    observer.observe(this);
    signal.onabort = () => observer.disconnect();
  }

  async start(signal) {
    const { locale, site, thread, dataset } = this;
    const words = await wordsOf(locale, BASE);
    if (signal.aborted) return;
    const discussion = new Discussion({
      service: new Service(BASE, site, words.language), // what a reader of English reads is all English
      words,
      thread,
      title: (dataset.title || document.title).slice(0, 300),
      order: dataset.order === "oldest" ? "oldest" : "newest",
      member: readMember(dataset.identity),
      tell: (name, detail) =>
        this.dispatchEvent(new CustomEvent(`moderation:${name}`, { bubbles: true, detail })),
    });
    this.shadowRoot.replaceChildren(discussion.element);
    discussion.start(signal);
  }
}

class ModerationCount extends Placed {
  static observedAttributes = ["data-thread"];

  connectedCallback() {
    askCount(this, BASE);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.connectedCallback();
  }

  // What the page wrote stays until there is something to say.
  async show(count) {
    const { say } = await wordsOf(this.locale, BASE);
    const root = this.shadowRoot || this.attachShadow({ mode: "open" });
    root.textContent = say("reading.count", { count });
  }
}

for (const [name, kind] of [
  ["moderation-comments", ModerationComments],
  ["moderation-count", ModerationCount],
]) {
  if (!customElements.get(name)) customElements.define(name, kind);
}

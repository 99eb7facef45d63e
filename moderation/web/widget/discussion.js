// The discussion under a page: fetched part by part, added to, never drawn again as a whole.

import { h, moveTo, newId } from "./dom.js";
import { ago } from "./dates.js";
import { attempt, button, countDown, notice, reason } from "./notice.js";
import { Mine } from "./drafts.js";
import { CommentForm } from "./form.js";
import { Conversation } from "./conversation.js";

const CONVERSATIONS = 20; // fetched at a time
const SEARCHED = 100; // replies, when somebody is looking for one
const MINUTE = 60_000;

export class Discussion {
  // {service, words, thread, title, order, member, tell}; `tell` sends the page an event.
  constructor(needs) {
    Object.assign(this, needs, {
      author: {},
      forms: new Set(),
      views: new Map(),
      conversations: new Map(),
      count: 0,
      failures: 0,
      announce: (text) => (this.live.textContent = text),
    });
    this.mine = new Mine(this.service.site);
    this.build(this.words);
  }

  build({ say, language: lang }) {
    const id = newId();
    this.heading = h("h2", { id, tabindex: -1 }, say("reading.title"));
    this.live = h("div.unseen", { role: "status" });
    this.orders = ["newest", "oldest"].map((order) =>
      button(say(`reading.${order}`), () => this.sort(order), {
        "aria-pressed": String(order === this.order),
      }),
    );
    this.switch = h("div.orders", { hidden: true }, this.orders);
    this.place = h("div");
    this.none = h("p.quiet", { hidden: true }, say("reading.none"));
    this.again = button(say("away.again"), () => this.open());
    this.away = notice("away", h("p", say("away.reading")), this.again);
    this.away.hidden = true;
    this.list = h("ol");
    this.told = h("div");
    this.further = button(say("reading.more"), () => this.load(), { hidden: true });
    this.element = h(
      "section",
      { lang, dir: "ltr", "aria-labelledby": id },
      h("header", this.heading, this.switch),
      this.live,
      this.place,
      this.none,
      this.away,
      this.list,
      this.told,
      this.further,
    );
  }

  // Fetch the first part and watch the clock and the page, until `signal`.
  start(signal) {
    this.signal = signal;
    const keep = () => this.forms.forEach((form) => form.sync());
    const watch = (target, event, react) => target.addEventListener(event, react, { signal });
    watch(window, "pagehide", keep);
    watch(document, "visibilitychange", keep);
    watch(window, "hashchange", () => this.follow());
    const clock = setInterval(() => this.refresh(), MINUTE);
    signal.addEventListener("abort", () => {
      clearInterval(clock);
      this.views.forEach((view) => view.end());
      this.forms.forEach((form) => form.close());
    });
    return this.open();
  }

  refresh() {
    for (const time of this.element.querySelectorAll("time"))
      time.textContent = ago(time.dateTime, this.words);
  }

  open() {
    return attempt(
      this.again,
      this.told,
      this,
      async () => {
        const answer = await this.fetch({});
        if (this.signal.aborted) return; // nobody would close what opens now
        this.settings = answer.form;
        this.place.replaceChildren(
          answer.form.is_closed
            ? notice("closed", this.words.say("reading.closed"))
            : new CommentForm(this).element,
        );
        this.away.hidden = true;
        this.take(answer);
        this.tell("ready", { count: this.count });
        if (this.failures) moveTo(this.heading); // the button that was pressed is gone
        await this.follow();
      },
      (refusal) => this.excuse(refusal),
    );
  }

  // Say calmly that there is nothing to read now; ask again on demand, and ever less often.
  excuse({ retryAfter }) {
    const wait = retryAfter || (this.failures && 2 ** this.failures);
    this.failures += 1;
    this.away.hidden = false;
    if (wait) countDown(this.again, wait, this);
    return true;
  }

  fetch(query) {
    const { service, thread, order } = this;
    return service.comments({
      thread,
      ...(query.conversation ? {} : { order, view: "threaded", limit: CONVERSATIONS }),
      ...query,
    });
  }

  // Show what the service answered; returns the views that are new. `isFirst` puts it on top.
  take({ comments, conversations, count, next }, isPart, isFirst) {
    const added = conversations.flatMap(({ id, next }) =>
      this.conversation(id, isFirst).take(
        comments.filter(({ root }) => root === id),
        next,
      ),
    );
    if (!isPart) {
      this.next = next;
      this.further.hidden = !next;
    }
    this.recount(count - this.count);
    return added;
  }

  conversation(id, isFirst) {
    if (!this.conversations.has(id)) {
      const made = new Conversation(this, id);
      this.conversations.set(id, made);
      this.list[isFirst ? "prepend" : "append"](made.element);
    }
    return this.conversations.get(id);
  }

  recount(change) {
    const { say } = this.words;
    const count = (this.count += change);
    this.heading.textContent = say(count ? "reading.count" : "reading.title", { count });
    this.switch.hidden = count < 2;
    this.none.hidden = count > 0;
  }

  load() {
    attempt(this.further, this.told, this, () => this.more({ cursor: this.next }));
  }

  // Fetch what comes next, and take the keyboard there.
  async more(query) {
    const { order } = this;
    const answer = await this.fetch(query);
    if (order !== this.order) return; // the list is another by now
    this.take(answer, query.conversation)[0]?.element.focus({ preventScroll: true });
  }

  sort(order) {
    attempt(this.orders[0], this.told, this, async () => {
      const answer = await this.fetch({ order });
      this.order = order;
      this.orders.forEach(
        (button, i) => (button.ariaPressed = String((order === "oldest") === i > 0)),
      );
      const before = this.views;
      for (const view of before.values()) view.end();
      this.views = new Map();
      this.conversations.clear();
      this.list.replaceChildren();
      this.take(answer);
      // What waits for a moderator is shown to its author alone, by this page alone.
      for (const view of before.values())
        if (view.isPending)
          for (const one of [before.get(view.comment.root) || view, view])
            this.own(one.comment, one.isPending);
    });
  }

  // Go to the comment the page's address names.
  follow() {
    const [, id] = location.hash.split("#comment-");
    return id && this.reveal(id);
  }

  // Show a comment; its conversation is fetched until it is there.
  async reveal(id) {
    let cursor;
    try {
      while (!this.views.has(id)) {
        const answer = await this.fetch({ conversation: id, cursor, limit: SEARCHED });
        this.take(answer, true, true);
        cursor = answer.next;
        if (!cursor) break;
      }
      this.show(this.views.get(id));
    } catch (refusal) {
      const isGone = refusal.status === 404;
      if (isGone && document.querySelectorAll("moderation-comments").length > 1) return; // another's
      const said = isGone ? this.words.say("comment.gone") : reason(refusal, this.words);
      this.told.replaceChildren(notice("away", said));
      moveTo(this.told.firstChild);
    }
  }

  show(view) {
    this.element.querySelector(".here")?.classList.remove("here");
    view.element.classList.add("here");
    moveTo(view.element);
  }

  // Return the view of a comment that is the reader's own, or above it.
  own(comment, isPending) {
    const isFirst = this.order === "newest" || this.next;
    return this.conversation(comment.root, isFirst).add(comment, isPending);
  }

  // Show the reader's own comment, and what became of it.
  welcome(comment, isPending) {
    const view = this.own(comment, isPending);
    this.recount(isPending ? 0 : 1);
    this.none.hidden = true;
    this.show(view);
    view.greet();
    this.tell("sent", { id: comment.id, isPending });
  }
}

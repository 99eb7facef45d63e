// One comment: what it says, when, and what may be done with it.

import { UGC, h, moveTo, newId, prose } from "./dom.js";
import { ago } from "./dates.js";
import { button, notice } from "./notice.js";
import { CommentForm } from "./form.js";
import { editPanel, withdrawPanel } from "./edit.js";
import { reportPanel } from "./report.js";

export class CommentView {
  constructor(discussion, comment, isPending) {
    this.discussion = discussion;
    this.place = h("div", {
      on: {
        keydown: (event) => {
          if (event.key !== "Escape" || event.isComposing || !this.panel) return;
          event.stopPropagation(); // what else the page would close stays
          this.panel.leave();
        },
      },
    });
    this.element = h("article.comment", { tabindex: -1 }, this.place);
    this.draw(comment, isPending);
  }

  draw(comment, isPending) {
    Object.assign(this, { comment, isPending });
    const { say } = this.discussion.words;
    const { id, parent, root, text, author, edited_at } = comment;
    const name = newId();
    const isReply = root !== id;
    this.actions = h("p.actions");
    this.element.setAttribute("aria-labelledby", name);
    this.parts?.forEach((part) => part.remove());
    this.parts = [
      h(
        "header",
        h(
          isReply ? "h4" : "h3",
          { id: name },
          h("bdi", author.url ? h("a", { href: author.url, rel: UGC }, author.name) : author.name),
        ),
        h(
          "p.hint",
          isReply && parent !== root && this.answered(parent),
          this.date(id, comment.created_at),
          edited_at && ` · ${say("comment.edited")}`,
          isPending && [" · ", h("b", say("comment.pending"))],
        ),
      ),
      h("div.words", { dir: "auto", lang: comment.locale }, prose(text)),
      this.actions,
    ];
    this.place.before(...this.parts); // what is open there stays where it is: somebody may be typing
    this.offer();
  }

  // Return when it was said: about, and exactly where the reader asks.
  date(id, moment) {
    const { words } = this.discussion;
    const style = { dateStyle: "long", timeStyle: "short" };
    const written = new Date(moment).toLocaleString(words.locale, style);
    const title = written.replace(":", words.say("comment.hour"));
    const time = h("time", { datetime: moment, title }, ago(moment, words));
    const link = this.link(id, time, h("span.exact", ` · ${title}`));
    link.className = "date";
    return link;
  }

  // Say whom a reply answers, where its place does not.
  answered(id) {
    const { views, words } = this.discussion;
    const { author } = views.get(id)?.comment || { author: { name: "…" } };
    return [this.link(id, h("bdi", words.say("comment.in_reply_to", author))), " · "];
  }

  link(id, ...children) {
    const { discussion } = this;
    return h(
      "a",
      {
        href: `${location.href.split("#")[0]}#comment-${id}`,
        on: { click: () => discussion.reveal(id) },
      },
      ...children,
    );
  }

  // Show what may be done now; what is over goes away by itself.
  offer() {
    const { discussion, comment, isPending } = this;
    const key = discussion.mine.all()[comment.id];
    clearTimeout(this.closing);
    if (key && !discussion.signal.aborted)
      this.closing = setTimeout(() => this.offer(), key.until - Date.now());
    this.actions.replaceChildren(
      ...[
        !isPending &&
          !discussion.settings.is_closed &&
          this.offered("reply", (leave) => new CommentForm(discussion, comment, leave)),
        key && this.offered("edit", (leave) => editPanel(this, leave)),
        key && this.offered("withdraw", (leave) => withdrawPanel(this, leave)),
        !isPending && !key && this.offered("report", (leave) => reportPanel(this, leave)),
      ].filter(Boolean),
    );
    this.mark();
  }

  // Let the buttons tell which panel is open.
  mark() {
    for (const opener of this.actions.children)
      opener.ariaExpanded = String(opener.className === this.panel?.name);
  }

  // Return a button that opens a panel below the comment, and closes it.
  offered(name, make) {
    const text = this.discussion.words.say(`comment.${name}`);
    const label = `${text} – ${this.comment.author.name}`;
    const open = () => {
      const isOpen = name === this.panel?.name;
      this.close();
      if (isOpen) return;
      const leave = () => {
        if (panel !== this.panel) return; // it was left before, and another may be open
        this.close();
        this.actions.querySelector("." + name)?.focus();
      };
      const panel = make(leave);
      this.panel = Object.assign(panel, { name, leave });
      panel.element.ariaLabel = label;
      this.mark();
      this.place.replaceChildren(panel.element);
      panel.focus();
    };
    return button(text, open, { class: name, "aria-label": label });
  }

  close() {
    this.panel?.close?.();
    this.panel = null;
    this.place.replaceChildren();
    this.mark();
  }

  // Let nothing go on where the comment is no longer shown.
  end() {
    this.close();
    clearTimeout(this.closing);
  }

  // Say below the comment what became of it; where somebody is still writing, quietly.
  note(kind, text, more) {
    const told = notice(kind, text, more);
    this.told?.remove();
    this.told = told;
    this.place.prepend(told);
    this.discussion.announce(text);
    if (!this.panel) moveTo(told);
  }

  greet() {
    const kind = this.isPending ? "received" : "published";
    this.note(kind, this.discussion.words.say(`form.${kind}`));
  }

  // Leave a quiet stub, below which the replies stay.
  withdraw() {
    const { discussion, element } = this;
    this.end();
    element.replaceChildren(h("p.quiet", discussion.words.say("comment.gone")));
    if (!this.isPending) discussion.recount(-1);
    this.isPending = false;
    element.focus();
  }
}

// A comment and the replies to it, one level deep, oldest first.

import { h } from "./dom.js";
import { attempt, button } from "./notice.js";
import { CommentView } from "./comment.js";

const REPLIES = 50; // fetched at a time

export class Conversation {
  constructor(discussion, id) {
    Object.assign(this, { discussion, id });
    this.root = h("p.quiet", discussion.words.say("comment.gone"));
    this.replies = h("ol");
    this.told = h("div");
    this.further = button(discussion.words.say("reading.replies"), () => this.load(), {
      hidden: true,
    });
    this.element = h("li", this.root, this.replies, this.told, this.further);
  }

  // Show a comment of this conversation, once; returns its view.
  add(comment, isPending) {
    const { views, words } = this.discussion;
    const view = views.get(comment.id) || new CommentView(this.discussion, comment, isPending);
    if (!views.has(comment.id)) {
      if (comment.id === this.id) {
        this.root.replaceWith(view.element);
        this.replies.ariaLabel = words.say("comment.replies", comment.author);
      } else this.replies.append(h("li", view.element));
      views.set(comment.id, view);
    }
    return view;
  }

  // Show `comments`; `next` is the cursor of the rest. Returns the views that are new.
  take(comments, next) {
    this.next = next;
    const added = comments
      .filter(({ id }) => !this.discussion.views.has(id))
      .map((comment) => this.add(comment));
    this.further.hidden = !next;
    return added;
  }

  load() {
    const { discussion, id, next } = this;
    attempt(this.further, this.told, discussion, () =>
      discussion.more({ conversation: id, cursor: next, limit: REPLIES }),
    );
  }
}

// Changing one's own comment, or taking it back, while the window is open.

import { h } from "./dom.js";
import { attempt, ending, mainButton } from "./notice.js";
import { Draft } from "./drafts.js";
import { Field } from "./field.js";

// A panel is an element with `focus`, and `close` if it has something to end.
export function editPanel(view, leave) {
  const { id } = view.comment;
  const { words, service, mine, settings } = view.discussion;
  const draft = new Draft(service.site, "edit", id);
  const field = new Field(words.say("form.text"), h("textarea", { dir: "auto" }));
  const told = h("div");
  const main = mainButton(words.say("edit.save"));
  const submit = (event) => {
    event.preventDefault();
    const text = field.value;
    if (field.check(settings.longest_text, words)) return field.input.focus();
    attempt(main, told, view.discussion, async () => {
      const { comment } = await service.edit(id, mine.all()[id]?.token, text);
      view.draw({ ...view.comment, text, edited_at: true, ...comment }, !comment);
      draft.settle(unsaved());
      if (!unsaved()) leave();
      view.greet();
    });
  };
  const unsaved = () => field.value !== view.comment.text && { text: field.input.value };
  field.input.value = draft.news().text || view.comment.text;
  field.input.addEventListener("input", () => draft.save(unsaved()));
  const element = h(
    "form.box",
    { novalidate: true, on: { submit } },
    told,
    field.element,
    ending(main, leave, words),
  );
  return { element, focus: () => field.input.focus() };
}

export function withdrawPanel(view, leave) {
  const { id } = view.comment;
  const { words, service, mine } = view.discussion;
  const told = h("div");
  const click = () =>
    attempt(main, told, view.discussion, async () => {
      await service.withdraw(id, mine.all()[id]?.token);
      view.withdraw();
    });
  const look = { type: "button", class: "main danger", on: { click } };
  const main = mainButton(words.say("withdraw.yes"), look);
  const element = h(
    "div.box",
    { role: "group" },
    told,
    words.say("withdraw.ask"),
    ending(main, leave, words),
  );
  return { element, focus: () => main.focus() };
}

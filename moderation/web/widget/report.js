// Telling the newsroom about a comment.

import { h, newId } from "./dom.js";
import { attempt, ending, mainButton } from "./notice.js";
import { Draft } from "./drafts.js";
import { Field } from "./field.js";
import { Gate } from "./gate.js";

const REASONS =
  "SPAM|OFFENSIVE|HARASSMENT_BULLYING|HATE_SPEECH|MISINFORMATION|ILLEGAL_CONTENT|PERSONAL_DATA|OFF_TOPIC|OTHER".split("|");

export function reportPanel(view, leave) {
  const { words, service, member } = view.discussion;
  const { say } = words;
  const gate = new Gate(view.discussion);
  const draft = new Draft(service.site, "report", view.comment.id);
  const before = draft.news();
  const told = h("div");
  const name = newId(); // of the choices, and of what is wrong with them
  const error = h("p.error", { id: name });
  const text = new Field(
    say("report.text"),
    h("textarea", { maxlength: 1000, dir: "auto" }),
    say("form.optional"),
  );
  const main = mainButton(say("report.send"));
  const choices = h(
    "fieldset",
    { role: "radiogroup", "aria-required": "true", "aria-describedby": name },
    h("legend", say("report.ask")),
    error,
    REASONS.map((value) => {
      const checked = value === before.reason;
      const properties = { type: "radio", name, value, checked, required: true };
      return h("label.choice", h("input", properties), say(`reason.${value}`));
    }),
  );
  const chosen = () => choices.querySelector(":checked");
  const focus = () => (chosen() || choices.querySelector("input")).focus();
  const typed = () => ({ reason: chosen()?.value, text: text.value });
  const keep = () => draft.save({ ...typed(), text: text.input.value });
  const submit = (event) => {
    event.preventDefault();
    const sent = typed();
    const { reason } = sent;
    choices.ariaInvalid = !reason;
    error.textContent = reason ? "" : say("form.missing");
    if (!reason) return focus();
    attempt(
      main,
      told,
      view.discussion,
      async () => {
        const { report } = await service.report(view.comment.id, {
          ...sent,
          identity: member?.token,
          ...(await gate.answer()),
        });
        const now = typed();
        const rest = JSON.stringify(now) !== JSON.stringify(sent) && now;
        draft.settle(rest);
        if (!rest) leave();
        view.note(
          "received",
          say("report.thanks"),
          report && h("p", h("a", { href: report.receipt_url, target: "_blank" }, report.id)),
        );
      },
      (refusal) => element.isConnected && gate.take(refusal),
    );
  };
  text.input.value = before.text || "";
  gate.wake();
  const element = h(
    "form.box",
    { novalidate: true, on: { submit, input: keep } },
    told,
    choices,
    text.element,
    gate.element,
    ending(main, leave, words),
  );
  return { element, focus, close: () => gate.close() };
}

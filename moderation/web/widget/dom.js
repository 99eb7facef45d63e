// Elements, made without a line of HTML: pages that enforce Trusted Types can hold the widget.

let last = 0;

// Return a new id; `for` and `aria-…` need them.
export function newId() {
  return `m${++last}`;
}

// Make an element: h("p.hint", "text"), h("a", {href}, …). Properties are attributes; null and
// false leave one out, true makes it empty; children that are nothing are left out. `on` is what it reacts to.
export function h(tag, properties, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  if (properties?.constructor !== Object) children.unshift(properties);
  else for (const [name, value] of Object.entries(properties)) set(element, name, value);
  element.append(...children.flat(3).filter(Boolean));
  return element;
}

function set(element, name, value) {
  if (name === "on") for (const event in value) element.addEventListener(event, value[event]);
  else if (value != null && value !== false)
    element.setAttribute(name, value === true ? "" : value);
}

export const UGC = "nofollow ugc noopener"; // a reader's link lends no reputation

// An address ends before the punctuation of its sentence, but keeps brackets that are a pair.
const LINK =
  /https?:\/\/(?:\([^\s()<>]*\)|[^\s()<>"'`\\^{}|])*(?:\([^\s()<>]*\)|[^\s()<>"'`\\^{}|.,;:!?…\]»”’*_~])/gi;

// Return the paragraphs of a text, as the service renders them; links stay text in a preview.
export function prose(text, hasLinks = true) {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return paragraphs.map((part) =>
    h(
      "p",
      part
        .split("\n")
        .map((line, i) => [i > 0 && h("br"), inline(line, hasLinks)]),
    ),
  );
}

function inline(line, hasLinks) {
  const pieces = [];
  let end = 0;
  for (const { 0: href, index } of line.matchAll(LINK)) {
    pieces.push(line.slice(end, index), hasLinks ? h("a", { href, rel: UGC }, href) : h("u", href));
    end = index + href.length;
  }
  return [...pieces, line.slice(end)];
}

// Bring an element into view and put the keyboard there.
export function moveTo(element) {
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
}

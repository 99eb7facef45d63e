// What a reader has written and not yet sent, and the keys to what they did send.

const MONTH = 2_592_000_000; // milliseconds
const kept = {}; // what the browser has no room for, or may not keep

function load(key) {
  try {
    return kept[key] || JSON.parse(localStorage[key]);
  } catch {
    return {};
  }
}

function save(key, value) {
  try {
    if (value) localStorage[key] = JSON.stringify(value);
    else delete localStorage[key];
    delete kept[key];
  } catch {
    kept[key] = value; // storage is full or forbidden: the page's own memory has to do
  }
}

// One text in the making, on this device alone; forgotten after a month. Other tabs, and other
// elements of the page, may be at the same one.
export class Draft {
  constructor(site, thread, parent = "") {
    this.key = `moderation:draft:${site}:${thread}:${parent}`;
    this.at = 0;
  }

  // Return what was kept since this form last read or wrote it, or false.
  news() {
    const found = load(this.key);
    const isNew = found.at > Math.max(this.at, Date.now() - MONTH);
    if (isNew) this.at = found.at;
    return isNew && found;
  }

  // Keep it, or without fields forget it.
  save(fields) {
    this.at = Date.now();
    save(this.key, fields && { ...fields, at: this.at });
  }

  // After it was sent keep only `rest`, what was typed since; what another form kept later stays.
  settle(rest) {
    if (!this.news()) this.save(rest);
  }
}

// The edit tokens of this reader's own comments, while the window is open.
export class Mine {
  constructor(site) {
    this.key = `moderation:mine:${site}`;
  }

  // Return {id: {token, until}}.
  all() {
    return Object.fromEntries(
      Object.entries(load(this.key)).filter(([, { until }]) => until > Date.now()),
    );
  }

  // Keep a receipt's token; the window is counted on this device's clock.
  keep({ id, edit_token: token, created_at, editable_until }) {
    const until = Date.now() + (new Date(editable_until) - new Date(created_at));
    if (editable_until) save(this.key, { ...this.all(), [id]: { token, until } });
  }
}

// The service's HTTP API, as the widget uses it.

const PATIENCE = 20_000; // milliseconds

// Why something was refused; `code` is "offline" when nothing readable came back. The same may be
// sent again when nobody knows whether it arrived, or when it was not even looked at.
export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super();
    Object.assign(this, { code: "offline", errors: [] }, problem, { status, retryAfter });
    this.mayRepeat = !(status < 500) || status === 429;
  }
}

export class Service {
  constructor(base, site, locale) {
    Object.assign(this, { base, site, locale });
  }

  // Return comments: {thread, order, view, conversation, cursor, limit}.
  comments(query) {
    return this.call("GET", `comments?${this.ask(Object.entries(query))}`);
  }

  // Return how many comments each page has.
  counts(threads) {
    return this.call("GET", `counts?${this.ask(threads.map((url) => ["thread", url]))}`);
  }

  challenge(kind) {
    return this.call("POST", "challenges", { site: this.site, locale: this.locale, kind });
  }

  // Send a comment; the same key and body twice is one comment.
  send(body, key) {
    return this.call("POST", "comments", body, { "Idempotency-Key": key });
  }

  edit(id, token, text) {
    return this.call("PATCH", `comments/${id}`, { text }, { Authorization: `Bearer ${token}` });
  }

  withdraw(id, token) {
    return this.call("DELETE", `comments/${id}`, null, { Authorization: `Bearer ${token}` });
  }

  report(id, body) {
    return this.call("POST", `comments/${id}/reports`, body);
  }

  ask(pairs) {
    return new URLSearchParams([["site", this.site], ...pairs.filter(([, value]) => value)]);
  }

  // Raises a Refusal, and nothing else.
  async call(method, path, body, headers) {
    let reply = {},
      answer;
    try {
      reply = await fetch(new URL(`v1/${path}`, this.base), {
        method,
        headers: {
          ...headers,
          "Accept-Language": this.locale,
          ...(body && { "Content-Type": "application/json" }),
        },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      });
      answer = reply.status === 204 ? {} : await reply.json();
    } catch {}
    if (reply.ok && answer) return answer;
    throw new Refusal(reply.status, answer, +reply.headers?.get("Retry-After"));
  }
}

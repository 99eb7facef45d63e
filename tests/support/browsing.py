"""A page of the service as a browser without JavaScript has it."""

from html.parser import HTMLParser

VOID = {"input", "img", "br", "meta", "link"}


class Page(HTMLParser):
    """What a person finds on a page: fields, links, and the text of what has an id."""

    def __init__(self, reply):
        super().__init__()
        self.status, self.headers = reply.status_code, reply.headers
        self.tags, self.fields, self.links, self.texts, self.roles = [], {}, {}, {}, {}
        self._open = []
        self.feed(reply.text.replace("\r\n", "\n"))  # as browsers do

    def handle_starttag(self, tag, attributes):
        found = {name: value or "" for name, value in attributes}
        if "checked" in dict(attributes):
            found["checked"] = "checked"
        self.tags.append((tag, found))
        if tag in ("input", "textarea"):
            self._meet_field(found)
        if tag not in VOID:
            self._open.append((tag, found))

    def handle_endtag(self, tag):
        while self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for tag, found in self._open:
            if tag == "textarea":
                self.fields[found["name"]]["value"] += data
            if tag == "a":
                self.links[data.strip()] = found["href"]
            for kind, name in ((self.texts, "id"), (self.roles, "role"), (self.texts, "class")):
                if name in found:
                    kind[found[name]] = kind.get(found[name], "") + data

    def _meet_field(self, found):
        is_choice = found.get("type") == "radio"
        known = self.fields.setdefault(found["name"], {"value": "", **found})
        if is_choice:
            known["choices"] = [*known.get("choices", []), found["value"]]
            known["value"] = known.get("chosen", "")
            if "checked" in found:
                known["value"] = known["chosen"] = found["value"]

    @property
    def text(self):
        """What stands in the field for the comment; its first line end is dropped by browsers."""
        return self.typed("text")

    @property
    def question(self):
        return self.texts["question"]

    @property
    def comments(self):
        """The ids of the comments that are shown, from top to bottom."""
        shown = [found["id"] for tag, found in self.tags if tag == "article"]
        return [name.removeprefix("comment-") for name in shown]

    def typed(self, name):
        return self.fields[name]["value"].removeprefix("\n")

    def attributes(self, tag):
        """What stands in the tags of this name, one dictionary each."""
        return [found for name, found in self.tags if name == tag]

    def filled(self, **changes):
        """Return what a browser would post: the fields as they are, and what was typed."""
        sent = {name: self.typed(name) for name in self.fields}
        return {**sent, **changes}


def follow(client, reply):
    """Go where a form leads once it was taken in."""
    assert reply.status_code == 303
    return Page(client.get(reply.headers["Location"]))

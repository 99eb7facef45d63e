"""Somebody at the console, as a browser without JavaScript has it."""

import re
from functools import cache
from html import unescape

from argon2 import PasswordHasher

PASSWORD = "une phrase que personne ne devine"
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@cache
def encoded():
    """The password's hash, made so cheaply that a test does not wait for it."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Desk:
    """A person signed in to the console; addresses are those below their site."""

    def __init__(self, client, site, email):
        self.client, self.site, self.email = client, site, email
        self.base = f"/console/{site.key}"
        sent = {"email": email, "password": PASSWORD}
        reply = client.post("/console/sign-in", data=sent)
        assert reply.status_code == 303, reply.text

    def get(self, path="/queue", **query):
        return self.client.get(self.base + path, query_string=query)

    @property
    def csrf(self):
        page = self.client.get("/console/account").text
        return re.search(r'name="csrf" value="(\w+)"', page)[1]

    def post(self, path, **fields):
        return self.client.post(self.base + path, data={"csrf": self.csrf, **fields})

    def decide(self, comment, **fields):
        sent = {"version": comment.version, **fields}
        return self.post(f"/comments/{comment.id}/decisions", **sent)

    def follow(self, reply):
        assert reply.status_code == 303, (reply.status_code, reply.text)
        return self.client.get(reply.headers["Location"])


def fields(page, within=""):
    """Return the hidden fields of a page, from a piece of its text on."""
    return {name: unescape(value) for name, value in FIELD.findall(page[page.index(within) :])}


def shown(page):
    """Return the ids of the comments in a list, from top to bottom."""
    return re.findall(r'id="c-([\w-]+)"', page)


def link(page, attribute):
    """Return where the link with an attribute leads."""
    return unescape(re.search(rf'<a [^>]*{attribute}[^>]*href="([^"]+)"', page)[1])

"""The captcha panel on a page of its own, and somebody in front of it."""

import io
import json
import wave
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from solving import solve

from moderation.domain.site import Site
from moderation.web.public.embed import words

WIDGET = Path(__file__).parents[2] / "moderation" / "web" / "widget"
TEXT = "Le marché du samedi me manquait."
SHEETS = ("look.css", "captcha.css")
WRONG = "La réponse au calcul n’est pas la bonne. Voici un nouveau calcul."
DONE = "C’est fait."
SLOW = "Cela fait beaucoup de demandes. Réessayez dans 40\u00a0secondes."
FOCUSED = "root.activeElement?.id || root.activeElement?.textContent || document.activeElement.id"
HTML = "text/html; charset=utf-8"
PAGE = """<!doctype html>
<html lang="{locale}">
<meta name="viewport" content="width=device-width">
<title>Panel</title>
<style>
  :root {{ color-scheme: light dark; font-family: sans-serif; }}
  body {{ max-width: 40rem; margin: 1rem auto; padding: 0 1rem; background: Canvas; }}
</style>
<main><h1>Panel</h1><label>Texte <textarea id="text">{text}</textarea></label>
<div id="host"></div><button id="send">Envoyer</button></main>
<script type="module" src="/panel/start.js"></script>
"""
START = """
import {{ CaptchaPanel }} from "./captcha.js";
import {{ Service }} from "./service.js";

const form = {form};
const service = new Service(new URL("/", location), {site}, {locale});
const said = {words};
const say = (key, figures) => said[key].replace(/{{(.+)}}/, (_, name) => figures[name]);
const root = document.querySelector("#host").attachShadow({{ mode: "open" }});
const sheet = new CSSStyleSheet();
sheet.replaceSync({style});
root.adoptedStyleSheets = [sheet];
const panel = new CaptchaPanel({{ service, words: {{ say, locale: {locale} }}, form }});
root.append(panel.element);
const body = (captcha) => ({{
  site: {site}, thread: {{ url: location.origin + "/article" }}, author: {{ name: "Lucie" }},
  text: document.querySelector("#text").value + Math.random(), captcha,
}});
async function send() {{
  const captcha = await panel.answer();
  try {{
    return (await service.send(body(captcha), String(Math.random()))).status;
  }} catch (refusal) {{
    await panel.refuse(refusal.detail);
    return refusal.code;
  }}
}}
document.querySelector("#send").onclick = async () => {{
  document.title = "…";
  document.title = await send().catch(({{ message }}) => message);
}};
Object.assign(window, {{ panel, service, body, root }});
await panel.open();
document.documentElement.dataset.isOpen = "";
"""


@dataclass
class Panel:
    """Somebody in front of the panel.

    Attributes:
        form: what the service says about its forms.
        headers: of the page the panel is on.
        changes: what every challenge says differently from the service's own.
    """

    page: Page
    url: str
    site: Site
    locale: str = "fr"
    form: dict = field(default_factory=lambda: {"has_audio": True, "has_pow": True})
    headers: dict = field(default_factory=dict)
    changes: dict = field(default_factory=dict)

    def open(self):
        self.page.route("**/panel/**", self._serve)
        if self.changes:
            self.page.route("**/v1/challenges", self._change)
        self.page.goto(f"{self.url}/panel/")
        expect(self.page.locator("html[data-is-open]")).to_be_attached()
        return self

    @property
    def field(self):
        return self.page.get_by_role("textbox", name="calcul")

    @property
    def question(self):
        return self.page.locator(".captcha-question").inner_text()

    @property
    def answer(self):
        return solve(self.question, self.locale)

    @property
    def status(self):
        return self.page.get_by_role("status")

    @property
    def focused(self):
        return self.page.evaluate(FOCUSED)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def work(self):
        self.button("Vérifier sans calcul").click()
        expect(self.status).to_have_text(DONE)

    def send(self):
        """Send the comment; returns what became of it, or what the panel says is missing."""
        self.page.click("#send")
        expect(self.page).not_to_have_title("…")
        return self.page.title()

    def refuse(self, status=429, **headers):
        """Let the service give no more challenges."""
        problem = {"code": "too_many_requests", "detail": ""}
        self.page.route(
            "**/v1/challenges",
            lambda route: route.fulfill(status=status, json=problem, headers=headers),
        )

    def accept(self):
        self.page.unroute("**/v1/challenges")

    def _change(self, route):
        reply = route.fetch()
        challenge = {**reply.json(), **self.changes}
        route.fulfill(response=reply, json=challenge)

    def _serve(self, route):
        name = urlsplit(route.request.url).path.removeprefix("/panel/")
        if not name:
            page = PAGE.format(locale=self.locale, text=TEXT)
            route.fulfill(body=page, content_type=HTML, headers=self.headers)
        elif name == "sound.wav":
            route.fulfill(body=sound(), content_type="audio/wav")
        elif name == "start.js":
            route.fulfill(body=self._start(), content_type="text/javascript")
        elif name == "built.js":
            route.fulfill(body="export const WORDS = {};", content_type="text/javascript")
        else:
            route.fulfill(path=WIDGET / name, content_type="text/javascript")

    def _start(self):
        things = {
            "form": self.form,
            "site": self.site.key,
            "locale": self.locale,
            "words": words(self.locale),
            "style": "".join((WIDGET / name).read_text("utf-8") for name in SHEETS),
        }
        return START.format(**{name: json.dumps(thing) for name, thing in things.items()})


def sound(seconds=5):
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setparams((1, 2, 8000, 0, "NONE", ""))
        recording.writeframes(bytes(2 * 8000 * seconds))
    return file.getvalue()


def endless():
    """A challenge that keeps a browser busy for a while."""
    nonce = "0123456789abcdef" * 2
    work = {"algorithm": "PBKDF2/SHA-256", "cost": 100_000, "keyPrefix": nonce}
    data = {"maxCounter": 999}
    return {"parameters": {**work, "nonce": nonce, "salt": nonce, "data": data}, "signature": ""}

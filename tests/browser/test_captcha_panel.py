"""The captcha panel on a page of its own, in front of the real service."""

import io
import json
import re
import wave
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from solving import solve

from moderation.domain.site import CaptchaDisplay, CaptchaMode, Site
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


@pytest.fixture
def panel(reader, url, add_site, clock):
    """Put somebody in front of the panel: `panel("phone", policy={…}, form={…}).open()`."""

    def make(size="desktop", policy=None, **options):
        lenient = {"minimum_answer": timedelta(0), "hold_above": 1.0, "reject_above": 1.0}
        site = add_site("gazette", origins=(url,), **lenient, **(policy or {}))
        page = reader(size, javascript=True).page
        page.clock.install(time=clock())
        return Panel(page, url, site, **options)

    return make


@pytest.fixture
def pass_by(clock):
    """Let time pass for the service, and for somebody's browser: `pass_by(someone, minutes=5)`."""

    def move(someone, **by):
        clock.move(**by)
        someone.page.clock.fast_forward(int(timedelta(**by).total_seconds() * 1000))

    return move


def test_the_sum_is_answered_by_text(panel):
    someone = panel().open()

    someone.field.fill(f" {someone.answer} ")

    assert someone.send() == "published"


def test_the_field_is_named_by_the_question_as_it_is_spoken(panel):
    someone = panel().open()

    heard = someone.page.locator("label .unseen")

    assert heard.get_attribute("lang") == "fr"
    assert someone.page.get_by_role(
        "textbox", name=f"Complétez le calcul {heard.inner_text()}"
    ).count()
    assert someone.question not in someone.page.locator("label[for]").aria_snapshot()


def test_a_wrong_answer_is_told_beside_a_new_question(panel):
    someone = panel().open()
    before = someone.question

    someone.field.fill("999")

    assert someone.send() == "captcha_failed"
    assert someone.question != before
    assert someone.field.input_value() == ""
    expect(someone.field).to_be_focused()
    expect(someone.field).to_have_accessible_description(f"{WRONG} En chiffres ou en lettres.")
    expect(someone.field).to_have_attribute("aria-invalid", "true")
    someone.field.fill(someone.answer)
    expect(someone.field).not_to_have_attribute("aria-invalid", "true")
    assert someone.send() == "published"


def test_no_answer_is_told_beside_the_field(panel):
    someone = panel().open()
    before = someone.question

    assert someone.send() == "Il manque votre réponse."

    assert someone.question == before
    expect(someone.field).to_be_focused()
    expect(someone.field).to_have_accessible_description(re.compile("Il manque votre réponse"))


def test_a_picture_says_what_it_is_and_beside_it_stands_what_else_there_is(panel):
    someone = panel(policy={"captcha_display": CaptchaDisplay.IMAGE}).open()

    expect(someone.page.get_by_role("img")).to_have_accessible_name(
        "Image d’un calcul à compléter."
    )
    expect(someone.page.get_by_text("Choisissez la manière qui vous convient.")).to_be_visible()
    expect(someone.page.locator(".captcha-question")).to_be_hidden()
    someone.page.wait_for_function("root.querySelector('img').naturalWidth > 0")
    expect(someone.status).to_be_empty()


def test_a_picture_that_does_not_show_is_told(panel):
    someone = panel(changes={"question": None, "speech": None, "image_url": "/none.svg"})
    someone.page.route("**/none.svg", lambda route: route.abort())

    someone.open()

    expect(someone.status).to_have_text("L’image ne s’affiche pas. Essayez une autre question.")


def test_the_question_is_heard_when_somebody_wants_to(panel):
    someone = panel(changes={"audio_url": "/panel/sound.wav"}).open()
    assert someone.page.evaluate("root.querySelector('audio').paused")

    someone.button("Écouter la question").click()

    someone.page.wait_for_function("root.querySelector('audio').currentTime > 0")
    someone.button("Arrêter l’écoute").click()
    expect(someone.button("Écouter la question")).to_be_focused()
    assert someone.page.evaluate("root.querySelector('audio').paused")


def test_a_new_question_silences_the_old_one(panel):
    someone = panel(changes={"audio_url": "/panel/sound.wav"}).open()
    someone.button("Écouter la question").click()
    expect(someone.button("Arrêter l’écoute")).to_be_visible()

    someone.button("Une autre question").click()

    expect(someone.button("Écouter la question")).to_be_visible()
    assert someone.page.evaluate("root.querySelector('audio').paused")


def test_sound_that_cannot_be_played_is_told(panel):
    someone = panel(changes={"audio_url": "/none.wav"})
    someone.page.route("**/none.wav", lambda route: route.abort())
    someone.open()

    someone.button("Écouter la question").click()

    expect(someone.status).to_have_text("Le son ne peut pas être lu ici.")


def test_a_service_without_a_voice_offers_no_sound(panel):
    someone = panel(changes={"audio_url": None}).open()

    expect(someone.button("Écouter la question")).to_be_hidden()


def test_the_browser_works_in_the_readers_place(panel):
    someone = panel().open()

    someone.work()

    expect(someone.field).to_be_hidden()
    expect(someone.button("Faire plutôt le calcul")).to_be_focused()
    assert someone.send() == "published"


def test_work_is_accepted_once(panel):
    someone = panel().open()
    someone.work()
    assert someone.send() == "published"

    assert someone.send() == "captcha_replayed"

    expect(someone.field).to_be_focused()
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_somebody_who_is_typing_is_not_interrupted_by_the_proof(panel):
    someone = panel().open()
    someone.page.evaluate("panel.toggle(); root.querySelector('input').focus()")

    expect(someone.status).to_have_text(DONE)

    expect(someone.field).to_be_focused()


def test_sending_waits_for_the_work(panel):
    someone = panel().open()

    someone.page.evaluate("panel.toggle()")

    assert someone.send() == "published"


def test_work_shows_how_far_it_is_and_can_be_stopped(panel, pass_by):
    someone = panel(changes={"altcha": endless()}).open()
    someone.button("Vérifier sans calcul").click()
    someone.page.wait_for_function("root.querySelector('progress').value > 0.01")
    assert len(someone.page.workers) == 1

    pass_by(someone, seconds=5)
    expect(someone.status).to_have_text(re.compile(r"^[1-9][0-9]?\s%$"))
    someone.button("Arrêter").click()

    expect(someone.page.get_by_role("progressbar")).to_be_hidden()
    expect(someone.status).to_have_text(
        "Vérification arrêtée. Complétez le calcul, ou recommencez."
    )
    expect(someone.button("Vérifier sans calcul")).to_be_focused()
    assert someone.page.workers == []
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_page_that_forbids_workers_works_itself(panel):
    policy = "default-src 'self'; worker-src 'self'; style-src 'unsafe-inline'"
    someone = panel(headers={"Content-Security-Policy": policy}).open()

    someone.work()

    assert someone.send() == "published"


def test_a_page_that_trusts_no_strings_has_a_worker(panel):
    policy = "require-trusted-types-for 'script'"
    someone = panel(headers={"Content-Security-Policy": policy}).open()

    with someone.page.expect_worker():
        someone.work()

    assert someone.send() == "published"


@pytest.mark.parametrize("form", [{"has_pow": True}, {"has_pow": False}], ids=["http", "none"])
def test_no_work_is_offered_where_none_can_be_done(panel, form):
    someone = panel(form=form)
    if form["has_pow"]:  # a page over http
        someone.page.add_init_script(
            "Object.defineProperty(window, 'isSecureContext', { value: false })"
        )

    someone.open()

    expect(someone.field).to_be_visible()
    expect(someone.button("Vérifier sans calcul")).to_be_hidden()


def test_work_that_fails_is_told(panel):
    someone = panel(
        changes={"altcha": {**endless(), "parameters": {"algorithm": "ARGON2ID"}}}
    ).open()

    someone.button("Vérifier sans calcul").click()

    expect(someone.status).to_contain_text("Votre navigateur n’a pas pu terminer.")
    expect(someone.button("Vérifier sans calcul")).to_be_focused()


def test_a_question_is_renewed_before_it_expires(panel, pass_by):
    someone = panel().open()
    before = someone.question
    someone.field.fill("douze")
    someone.page.focus("#text")

    pass_by(someone, minutes=4, seconds=50)

    expect(someone.status).to_contain_text("La question a changé")
    assert someone.question != before
    assert someone.field.input_value() == ""
    assert someone.page.input_value("#text") == TEXT
    assert someone.focused == "text"
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_computer_that_wakes_up_asks_again(panel, clock):
    someone = panel().open()
    before = someone.question
    clock.move(hours=8)
    someone.page.clock.set_system_time(clock())  # and no timer fired

    someone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(someone.status).to_contain_text("La question a changé")
    assert someone.question != before


def test_an_answer_that_comes_too_late_is_not_sent(panel, clock):
    someone = panel().open()
    someone.field.fill(someone.answer)
    clock.move(minutes=6)
    someone.page.clock.set_system_time(clock())

    assert someone.send().startswith("La question a changé")

    expect(someone.field).to_be_focused()
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_nothing_is_asked_for_while_nobody_looks(panel, pass_by):
    someone = panel().open()
    before = someone.question
    hide = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
    someone.page.evaluate(hide % "true")
    pass_by(someone, minutes=20)
    assert someone.question == before

    someone.page.evaluate(hide % "false")
    someone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(someone.status).to_contain_text("La question a changé")


def test_a_question_with_a_short_life_is_renewed_in_time(panel, pass_by):
    someone = panel(changes={"expires_in": 10}).open()
    before = someone.question

    pass_by(someone, seconds=6)
    assert someone.question == before
    with someone.page.expect_response("**/v1/challenges"):
        pass_by(someone, seconds=3)

    expect(someone.status).to_contain_text("La question a changé")
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_clock_that_is_wrong_does_not_ask_all_the_time(panel, clock):
    someone = panel()
    someone.page.clock.set_system_time(clock() + timedelta(days=400))
    asked = []
    someone.page.on("request", lambda request: asked.append(request.url))
    someone.open()

    someone.page.clock.fast_forward(60_000)

    assert sum("/v1/challenges" in url for url in asked) == 1


def test_work_is_done_again_before_it_expires(panel, pass_by):
    someone = panel().open()
    someone.work()

    with someone.page.expect_response("**/v1/challenges"):
        pass_by(someone, minutes=4, seconds=50)
    pass_by(someone, seconds=30)

    expect(someone.status).to_have_text(DONE)
    expect(someone.field).to_be_hidden()
    assert someone.send() == "published"


def test_too_many_questions_are_told_calmly(panel):
    someone = panel().open()
    before = someone.question
    someone.refuse(429, **{"Retry-After": "40"})

    someone.button("Une autre question").click()

    expect(someone.status).to_have_text(SLOW)
    expect(someone.button("Une autre question")).to_be_focused()
    assert someone.question == before
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_service_that_is_away_is_asked_again(panel, pass_by):
    someone = panel()
    someone.refuse(503)
    someone.open()
    expect(someone.status).to_contain_text("Impossible d’obtenir une question")
    assert someone.send().startswith("Impossible d’obtenir une question")
    expect(someone.button("Réessayer")).to_be_focused()

    someone.accept()
    someone.button("Réessayer").click()

    expect(someone.field).to_be_focused()
    someone.field.fill(someone.answer)
    assert someone.send() == "published"


def test_a_service_that_comes_back_is_noticed(panel, pass_by):
    someone = panel()
    someone.refuse(503)
    someone.open()
    someone.page.focus("#text")

    someone.accept()
    pass_by(someone, seconds=40)

    expect(someone.field).to_be_visible()
    expect(someone.status).to_be_empty()
    assert someone.focused == "text"


def test_everything_is_done_with_the_keyboard(panel):
    someone = panel(changes={"audio_url": "/panel/sound.wav"}).open()
    someone.page.focus("#text")
    met = []

    for _ in range(4):
        someone.page.keyboard.press("Tab")
        met.append(someone.focused)
    someone.page.keyboard.press("Space")
    expect(someone.status).to_have_text(DONE)
    someone.page.keyboard.press("Tab")

    assert met[1:] == ["Une autre question", "Écouter la question", "Vérifier sans calcul"]
    assert someone.focused == "send"


def test_the_panel_speaks_english(panel):
    someone = panel(locale="en").open()

    someone.page.get_by_role("textbox", name="Complete the calculation").fill(someone.answer)

    assert someone.send() == "published"


def asked(panel):
    return panel().open()


def drawn(panel):
    return panel(policy={"captcha_display": CaptchaDisplay.IMAGE}).open()


def refused(panel):
    someone = panel().open()
    someone.send()
    return someone


def working(panel):
    someone = panel(changes={"altcha": endless()}).open()
    someone.button("Vérifier sans calcul").click()
    expect(someone.page.get_by_role("progressbar")).to_be_visible()
    return someone


def worked(panel):
    someone = panel().open()
    someone.work()
    return someone


def away(panel):
    someone = panel()
    someone.refuse(503)
    return someone.open()


@pytest.mark.parametrize("state", [asked, drawn, refused, working, worked, away])
def test_nobody_is_shut_out(panel, state):
    page = state(partial(panel, "phone")).page

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        nodes = [node for one in found.response["violations"] for node in one["nodes"]]
        assert not nodes, [(node["html"], node["failureSummary"]) for node in nodes]


def test_the_assembled_widget_works_in_the_readers_place(gazette, commenter):
    someone = commenter("phone")
    someone.open(gazette(captcha=CaptchaMode.ALWAYS))
    someone.write(TEXT)

    with someone.page.expect_worker():
        someone.button("Vérifier sans calcul").click()
    expect(someone.widget.get_by_text(DONE)).to_be_visible()
    someone.send()

    expect(someone.comment(TEXT)).to_be_visible()
    assert someone.trouble == []


def test_the_assembled_widget_takes_work_where_the_service_is_unsure(gazette, commenter):
    someone = commenter("phone")
    someone.open(gazette(captcha=CaptchaMode.UNSURE))
    someone.write("Du bitume, encore du bitume.")
    someone.send()

    someone.button("Vérifier sans calcul").click()
    expect(someone.widget.get_by_text(DONE)).to_be_visible()
    someone.send()

    expect(someone.told).to_contain_text("en attente de modération")

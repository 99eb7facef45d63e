"""One draft, and more than one form at it: other tabs, other elements, an element that goes."""

import json

import pytest
from playwright.sync_api import expect

from moderation.domain.site import CaptchaMode

TEXT = "Un texte auquel on tient."
HAS = "text => JSON.stringify(localStorage).includes(text)"  # tabs hear of it a moment later


@pytest.fixture
def writer(gazette, commenter):
    def sit_down(**policy):
        someone = commenter("phone")
        someone.open(gazette(**policy))
        someone.write(TEXT)
        return someone

    return sit_down


def stored(someone):
    drafts = someone.page.evaluate("JSON.stringify(localStorage)")
    return [json.loads(value) for key, value in json.loads(drafts).items() if "draft" in key]


def hold(someone):
    """Let nothing that is sent arrive for now; returns the routes that wait."""
    held = []
    someone.page.route(
        "**/v1/comments",
        lambda route: held.append(route) if route.request.method == "POST" else route.fallback(),
    )
    return held


LAST = """([end, name]) => {
  const element = document.querySelector("moderation-comments");
  const field = element.shadowRoot.querySelector("textarea");
  field.value += end;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (name) element.dataset[name] = "oldest";
  else element.remove();
}"""


@pytest.mark.parametrize("name", ["", "order"], ids=["removed", "changed"])
def test_what_goes_keeps_the_last_words_and_asks_for_nothing_more(writer, name):
    someone = writer(captcha=CaptchaMode.ALWAYS)
    someone.page.clock.install()
    someone.page.reload()
    expect(someone.widget.locator(".captcha-question")).to_contain_text("=")

    someone.page.evaluate(LAST, [" Et la fin.", name])

    if name:
        expect(someone.field("Votre commentaire")).to_have_value(f"{TEXT} Et la fin.")
        expect(someone.widget.locator(".captcha-question")).to_contain_text("=")
        someone.page.evaluate("document.querySelector('moderation-comments').remove()")
    assert [one["text"] for one in stored(someone)] == [f"{TEXT} Et la fin."]
    asked = len(someone.asked)
    someone.page.clock.fast_forward("01:00:00")
    someone.page.evaluate("new Promise((done) => requestIdleCallback(done))")
    assert len(someone.asked) == asked


@pytest.mark.parametrize("way", ["element", "tab"])
def test_a_form_nobody_touched_never_replaces_a_newer_draft(writer, way):
    someone = writer()
    someone.page.evaluate("dispatchEvent(new Event('pagehide'))")
    if way == "tab":
        other = someone.page.context.new_page()
        other.goto(someone.page.url)
        second = other.get_by_role("textbox", name="Votre commentaire")
    else:
        someone.page.evaluate("document.body.append(document.createElement('moderation-comments'))")
        second = someone.page.get_by_role("textbox", name="Votre commentaire").nth(1)
        other = someone.page
    expect(second).to_have_value(TEXT)

    second.press("End")
    other.keyboard.type(" Puis beaucoup d’autres.")
    other.evaluate("dispatchEvent(new Event('pagehide'))")
    longer = f"{TEXT} Puis beaucoup d’autres."
    someone.page.wait_for_function(HAS, arg=longer)
    someone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert [one["text"] for one in stored(someone)] == [longer]
    expect(someone.field("Votre commentaire")).to_have_value(longer)


def test_sending_in_one_tab_keeps_what_is_written_in_another(writer):
    someone = writer()
    held = hold(someone)
    with someone.page.expect_request("**/v1/comments"):
        someone.send()
    other = someone.page.context.new_page()
    other.goto(someone.page.url)
    other.get_by_role("textbox", name="Votre commentaire").fill("Tout autre chose.")
    other.evaluate("dispatchEvent(new Event('pagehide'))")
    someone.page.wait_for_function(HAS, arg="Tout autre chose.")
    held[0].continue_()

    expect(someone.told).to_contain_text("est publié")
    assert [one["text"] for one in stored(someone)] == ["Tout autre chose."]


def test_where_storage_is_full_the_page_remembers_better(writer, post):
    someone = writer()
    post("La halle rouvre.")
    post("Enfin !")
    someone.page.reload()
    someone.page.evaluate(
        "Object.defineProperty(window, 'localStorage', { value: new Proxy(localStorage, {"
        "set() { throw new DOMException('', 'QuotaExceededError') } }) })"
    )
    someone.field("Votre commentaire").fill(f"{TEXT} Et plus.")

    someone.page.evaluate("document.querySelector('moderation-comments').dataset.order = 'oldest'")

    expect(someone.button("Plus anciens")).to_have_attribute("aria-pressed", "true")
    expect(someone.field("Votre commentaire")).to_have_value(f"{TEXT} Et plus.")


def test_who_goes_on_in_another_element_at_once_loses_no_last_words(writer):
    someone = writer()
    someone.page.evaluate("dispatchEvent(new Event('pagehide'))")
    someone.page.evaluate("document.body.append(document.createElement('moderation-comments'))")
    first, second = (
        someone.page.get_by_role("textbox", name="Votre commentaire").nth(n) for n in (0, 1)
    )
    expect(second).to_have_value(TEXT)
    someone.page.clock.install()
    someone.page.clock.pause_at("2100-01-01")  # no quiet comes between the two

    first.press("Control+End")
    someone.page.keyboard.type(" Mes derniers mots.")
    second.press("Control+End")
    someone.page.keyboard.type(" Et la suite.")
    someone.page.clock.run_for(1000)

    whole = f"{TEXT} Mes derniers mots. Et la suite."
    assert [one["text"] for one in stored(someone)] == [whole]
    first.focus()
    expect(first).to_have_value(whole)
    expect(second).to_have_value(whole)


WATCH = """
  window.running = new Map();
  for (const [set, clear] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]]) {
    const [start, stop] = [window[set], window[clear]];
    window[set] = (react, pause, ...given) => {
      const id = start(() => {
        if (set === "setTimeout") running.delete(id);
        react(...given);
      }, pause);
      running.set(id, `${set} ${pause} ${react}`);
      return id;
    };
    window[clear] = (id) => {
      running.delete(id);
      stop(id);
    };
  }
"""


def test_no_timer_outlives_an_element_that_was_removed(writer, post):
    someone = writer()
    someone.send()
    expect(someone.told).to_contain_text("est publié")
    someone.page.context.add_init_script(WATCH)
    someone.page.reload()
    expect(someone.button("Modifier – Lucie")).to_be_visible()  # until the time for it is over
    slow = {
        "status": 429,
        "headers": {
            "Retry-After": "30",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
        },
        "body": json.dumps({"code": "too_many_requests", "detail": "Vous allez un peu vite."}),
    }
    someone.page.route("**/v1/comments/**", lambda route: route.fulfill(**slow))
    someone.button("Modifier – Lucie").click()
    someone.field("Votre commentaire", someone.comment("Lucie")).fill("Autre chose.")
    someone.button("Enregistrer").click()
    expect(someone.button("Réessayer dans")).to_be_visible()
    assert someone.page.evaluate("running.size") >= 3

    someone.page.evaluate("document.querySelector('moderation-comments').remove()")

    assert someone.page.evaluate("[...running.values()]") == []

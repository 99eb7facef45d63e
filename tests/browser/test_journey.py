"""A reader in front of the service as an operator starts it; it stops and comes back meanwhile."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect
from running import free_port, running_service
from solving import solve

TEXT = "J’ai emprunté la ponceuse en juin ; mes volets attendent toujours, et moi avec eux."
REPLY = "Et la peinture ? Si la bibliothèque s’y met aussi, je n’aurai plus d’excuse."
PICTURE = Path(__file__).parents[2] / "docs" / "comments.png"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A data folder and a port, to start the same service again."""
    return {"data": tmp_path_factory.mktemp("journey") / "data", "port": free_port()}


def open_article(someone, url):
    someone.open(f"{url}/demo")
    someone.page.locator("moderation-comments").scroll_into_view_if_needed()


def write(someone, text, name="Lucie Marchand"):
    someone.write(text, name)
    someone.answer()
    someone.page.wait_for_timeout(600)  # nobody reads and answers faster
    someone.send()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_comment_is_written_answered_and_still_there_tomorrow(place, commenter, size):
    someone = commenter(size)
    text = f"{TEXT} ({size})"
    with running_service(**place) as url:
        open_article(someone, url)
        write(someone, text)
        expect(someone.told).to_contain_text("est publié")

        someone.comment(text).get_by_role("button", name="Répondre").click()
        form = someone.widget.get_by_role("form", name="Répondre à Lucie Marchand")
        someone.field("Votre commentaire", form).fill(f"{REPLY} ({size})")
        someone.answer(form)
        someone.page.wait_for_timeout(600)
        form.get_by_role("button", name="Publier la réponse").click()
        expect(someone.told).to_contain_text("est publié")

    with running_service(**place) as url:
        open_article(someone, url)
        replies = someone.widget.get_by_role("list", name="Réponses à Lucie Marchand")
        expect(replies.first).to_contain_text("Et la peinture")
        assert someone.trouble == []


def test_a_service_that_goes_away_and_comes_back_loses_no_word(place, commenter):
    someone = commenter("phone")
    with running_service(**place) as url:
        open_article(someone, url)
        someone.write("La ponceuse fait un bruit de tondeuse, mais elle ponce.", "Odile")
        someone.answer()

    someone.send()
    expect(someone.told).to_contain_text("indisponibles")
    expect(someone.field("Votre commentaire")).to_have_value(
        "La ponceuse fait un bruit de tondeuse, mais elle ponce."
    )

    with running_service(**place):
        someone.button("Envoyer de nouveau").click()
        expect(someone.told).to_contain_text("Merci")
    assert someone.trouble == []


def test_the_readme_shows_what_readers_see(tmp_path, commenter):
    someone = commenter("desktop", device_scale_factor=1)
    with running_service(tmp_path / "data", MODERATION_LIMITS="off") as url:
        first = tell(someone, tmp_path, "Lucie Marchand", TEXT)
        tell(someone, tmp_path, "Gilles", REPLY, first)
        tell(someone, tmp_path, "Odile B.", "Trois semaines, c’est court quand on a le vertige.")
        someone.page.set_viewport_size({"width": 720, "height": 900})
        open_article(someone, url)
        someone.field("Votre commentaire").fill("Et qui tient l’échelle ?")
        expect(someone.widget.locator(".captcha-question")).to_contain_text("=")
        picture = photograph(someone.page)

    if os.environ.get("SCREENSHOT") == "1":
        PICTURE.write_bytes(picture)
    assert len(picture) > 10_000
    assert PICTURE.is_file()


def photograph(page):
    """Take a picture of the comments with some paper around them."""
    box = page.evaluate(
        "(box => ({x: box.x + scrollX - 28, y: box.y + scrollY - 28, width: box.width + 56,"
        " height: box.height + 28}))"
        "(document.querySelector('moderation-comments').getBoundingClientRect())"
    )
    return page.screenshot(full_page=True, clip=box)


def tell(someone, folder, name, text, parent=None):
    """Let somebody comment on the demonstration article; returns the comment's id."""
    keys = json.loads((folder / "data" / "demo.json").read_text())
    ask = someone.page.request.post
    challenge = ask(f"{keys['url']}/v1/challenges", data={"site": keys["site_key"]}).json()
    body = {
        "site": keys["site_key"],
        "thread": {"url": f"{keys['url']}/demo"},
        "parent": parent,
        "author": {"name": name},
        "text": text,
        "captcha": {"token": challenge["token"], "answer": solve(challenge["question"])},
    }
    sent = ask(f"{keys['url']}/v1/comments", data=body)
    assert sent.status == 201, sent.text()
    return sent.json()["id"]

"""The demonstration: an article in two languages, with one thread below it."""

import re

import pytest
from places import ORIGIN
from solving import solve

QUESTION = re.compile(r'class="question"[^>]*>([^<]+)<')
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def demo(add_site, services):
    origin = services.settings.service_url
    return add_site("demo", origins=(origin,), hold_above=1.0, reject_above=1.0)


@pytest.fixture
def post(client, demo):
    """Send the form below the article: `post(lang=…)`."""

    def send(lang="fr", **changes):
        page = client.get(f"/demo?lang={lang}").text
        fields = dict(FIELD.findall(page))
        answer = solve(QUESTION.search(page).group(1), lang)
        typed = {"name": "Lucie", "text": "Un bien bel article, merci.", "answer": answer}
        return client.post("/form", data={**fields, **typed, **changes})

    return send


def test_the_address_of_the_service_leads_to_the_demonstration(client):
    reply = client.get("/")

    assert (reply.status_code, reply.headers["Location"]) == (302, "/demo")


def test_without_a_demo_site_there_is_no_demonstration(client, add_site):
    add_site("gazette")

    reply = client.get("/demo")

    assert reply.status_code == 404
    assert "Page introuvable" in reply.text


@pytest.mark.parametrize(
    ("address", "language", "headline"),
    [
        ("/demo", "fr", "À la bibliothèque, l’échelle"),
        ("/demo?lang=en", "en", "At the library, the ladder"),
    ],
)
def test_the_article_stands_in_two_languages(client, demo, address, language, headline):
    page = client.get(address, headers={"Accept-Language": "en"}).text

    assert f'<html lang="{language}">' in page
    assert headline in page
    assert 500 <= len(re.sub("<[^>]+>", " ", page).split()) <= 900


def test_the_french_article_is_set_as_french_is(client, demo):
    page = re.sub("<[^>]+>", " ", client.get("/demo").text)

    assert not re.search(r"[^\u202f][;?!»](?!\w)", page)
    assert not re.search(r"«[^\u202f]", page)
    assert not re.search(r"[^\u00a0\d]:", page)
    assert "'" not in page


@pytest.mark.parametrize(
    ("lang", "address", "sentence"),
    [
        ("fr", "/demo?outcome=published#result", "Votre commentaire est publié."),
        ("en", "/demo?lang=en&outcome=published#result", "Your comment is published."),
    ],
)
def test_a_comment_stands_below_the_article_in_both_languages(
    client, post, lang, address, sentence
):
    reply = post(lang)

    assert re.sub("&sent=[^#]+", "", reply.headers["Location"]) == address
    assert sentence in client.get(address).text
    for other in ("fr", "en"):
        assert "Un bien bel article" in client.get(f"/demo?lang={other}").text


def test_another_site_cannot_lead_readers_to_the_demonstration(client, post, demo, add_site):
    other = add_site("gazette", origins=(ORIGIN,), captcha="never")

    reply = post(site=other.key)

    assert reply.headers["Location"].startswith("/form?")


def test_the_article_can_be_read_when_the_limit_is_spent(client, demo):
    replies = [client.get("/demo") for _ in range(31)]

    assert [reply.status_code for reply in replies[-2:]] == [200, 429]
    assert int(replies[-1].headers["Retry-After"]) >= 1
    assert "Odile Marchenoir" in replies[-1].text
    assert 'role="alert"' in replies[-1].text


def test_the_article_can_be_read_when_the_database_is_away(client, demo, services):
    services.database.close()
    for path in services.settings.data.glob("moderation.sqlite3*"):
        path.unlink()

    reply = client.get("/demo?lang=en")

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) >= 1
    assert "Odile Marchenoir" in reply.text
    assert "Comments are away for a moment." in reply.text


def test_pictures_and_styles_are_our_own(client, demo):
    page = client.get("/demo").text

    links = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert all(link.startswith(("/", "?")) for link in links)
    assert page.count("<script") == page.count('<script type="module" src="/embed.js"') == 1
    assert "style=" not in page
    for name in re.findall(r"/static/[\w.]+", page):
        with client.get(name) as reply:
            assert reply.status_code == 200


def test_the_api_is_described_on_a_page_for_people(client):
    page = client.get("/docs").text

    assert "<code>/v1/comments</code>" in page
    assert "<code>thread.url</code>" in page
    assert "at most 10000 characters" in page
    assert "<script" not in page

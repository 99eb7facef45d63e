"""Pages in the languages of their readers: which one, and how to get to the others."""

import re
from urllib.parse import urljoin

import pytest
from places import ARTICLE, ORIGIN

from moderation.errors import TooManyRequests
from moderation.web.sentences import LANGUAGES, NAMES, say

ROW = re.compile(r'href="([^"]+)" hreflang="(\w+)" lang="(\w+)"[^>]*>([^<]+)<')


@pytest.fixture
def demo(add_site, services):
    return add_site("demo", origins=(services.settings.service_url,))


@pytest.fixture
def show(client):
    """Open the form of a site: `show(site, lang=…)`."""

    def get(site, headers=None, **asked):
        query = {"site": site.key, "thread": ARTICLE, **asked}
        return client.get("/form", query_string=query, headers=headers).text

    return get


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_speaks_every_language(client, send, site, show, language):
    send(text="Une bonne nouvelle pour la place du marché.")

    page = show(site, lang=language)

    assert f'<html lang="{language}">' in page
    assert say(language, "form.title") in page
    assert say(language, "form.comments_one") in page
    assert say(language, "form.captcha") in page


def test_the_form_leads_to_its_other_languages(client, site, show):
    row = ROW.findall(show(site, lang="it"))

    assert {tag: name for _, tag, _, name in row} == {
        tag: name for tag, name in NAMES.items() if tag != "it"
    }
    for address, tag, lang, _ in row:
        page = client.get(urljoin("/form", address.replace("&amp;", "&"))).text
        assert tag == lang
        assert f'<html lang="{tag}">' in page


def test_the_form_speaks_its_sites_language(add_site, show):
    site = add_site("zeitung", locale="de-AT")

    assert '<html lang="de">' in show(site, headers={"Accept-Language": "fr"})


def test_a_refusal_keeps_to_the_language_of_the_form(client, site):
    sent = {"site": site.key, "thread": ARTICLE, "lang": "nl", "text": "Mooi.", "name": ""}

    page = client.post("/form", data=sent, headers={"Origin": ORIGIN}).text

    assert "Uw reactie is nog niet verzonden" in page
    assert "Dit veld is verplicht." in page


def test_a_page_that_is_not_there_is_told_in_the_browsers_language(client):
    headers = {"Accept": "text/html", "Accept-Language": "pt-PT"}

    assert "Página não encontrada" in client.get("/nada", headers=headers).text


@pytest.mark.parametrize(
    ("lang", "language"), [("de", "en"), ("pt-BR", "en"), ("fr-CA", "fr"), ("ja", "fr"), ("", "fr")]
)
def test_the_demonstration_is_in_french_or_english(client, demo, lang, language):
    reply = client.get(f"/demo?lang={lang}", headers={"Accept-Language": "de"})

    assert reply.status_code == 200
    assert f'<html lang="{language}">' in reply.text
    assert [tag for _, tag, _, _ in ROW.findall(reply.text)] == ["en" if language == "fr" else "fr"]


def test_the_demonstration_of_a_german_installation_stands(client, add_site, services):
    add_site("demo", locale="de", origins=(services.settings.service_url,))

    for lang in ("", "de", "en"):
        assert client.get(f"/demo?lang={lang}").status_code == 200


def test_the_article_stands_when_a_limit_refuses_before_its_language_is_chosen(
    client, demo, monkeypatch
):
    def refuse():
        raise TooManyRequests(3)

    monkeypatch.setitem(client.application.before_request_funcs, None, [refuse])

    reply = client.get("/demo?lang=de", headers={"Accept-Language": "de"})

    assert reply.status_code == 429
    assert '<html lang="en">' in reply.text
    assert "Odile Marchenoir" in reply.text


def test_a_comment_in_another_language_says_so(client, send, site, show):
    send(text="Endlich wieder Markt in der Halle, das freut uns sehr.", locale="de-CH")
    send(text="Weer markt op zaterdag, wat een goed nieuws voor ons.", locale="xx")

    page = show(site, lang="fr")

    assert '<div class="words" dir="auto" lang="de">' in page
    assert 'lang="xx"' not in page
    assert '<div class="words" dir="auto" lang="de">' not in show(site, lang="de")

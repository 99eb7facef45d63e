"""The link to a page's other language: the same page, and only where one can be asked for again."""

import re
from html import unescape

import pytest

from moderation.domain.key import Role

LINK = re.compile(r'href="(\?[^"]*)" hreflang="(\w+)"')


def links(reply):
    return {tag: unescape(place) for place, tag in LINK.findall(reply.text)}


def test_it_leads_to_the_same_list(camille):
    reply = camille.get("/queue", q="pont & rivière", status="all", lang="fr", order="score")

    assert links(reply) == {"en": "?q=pont+%26+rivi%C3%A8re&status=all&order=score&lang=en"}
    english = camille.client.get(f"{camille.base}/queue{links(reply)['en']}")
    assert '<html lang="en">' in english.text
    assert 'value="pont &amp; rivière"' in english.text


def test_a_page_that_answers_a_form_has_none(sit_down, remember):
    someone, comment = sit_down(Role.OPERATOR), remember()
    answers = [
        someone.post("/batches/preview", id=comment.id),
        someone.post("/batches/preview"),
        someone.decide(comment, verdict="publish", version=7),
        someone.post("/blocks/preview", kind="word", pattern="ponceuse", reason="Essai"),
        someone.post("/blocks/preview", kind="word", pattern="", reason=""),
        someone.post("/policy/effect"),
        someone.post("/webhooks", url="https://9.9.9.9/", events="model.drift"),
        someone.client.post("/console/account/codes", data={"csrf": someone.csrf, "code": "1"}),
    ]

    assert [reply.status_code for reply in answers] == [200, 422, 409, 200, 422, 200, 200, 422]
    assert [links(reply) for reply in answers] == [{}] * len(answers)


@pytest.mark.parametrize("path", ["/form", "/demo"])
def test_readers_stay_where_they_are_too(client, add_site, services, site, path):
    add_site("demo")
    asked = {"site": site.key, "thread": "https://journal.example/a", "order": "oldest"}

    reply = client.get(path, query_string={**asked, "lang": "fr", "cursor": ""})

    assert "order=oldest&cursor=&lang=en" in links(reply)["en"]

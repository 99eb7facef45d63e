"""Who reports illegal content keeps a page that says that it arrived and how it stands."""

from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Page, follow
from places import ARTICLE
from solving import solve

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.review.receipt import ReportTokens
from moderation.web.sentences import LANGUAGES, say


@pytest.fixture
def sent(send):
    return send().json


@pytest.fixture
def report(client, challenge, sent):
    """Report a comment: returns what a program is told."""

    def post(reason="ILLEGAL_CONTENT", **body):
        return client.post(
            f"/v1/comments/{sent['id']}/reports",
            json={"reason": reason, "captcha": challenge(), **body},
        ).json

    return post


@pytest.fixture
def receipt(client, report):
    """Open the receipt of a report: `receipt()`, again for the same one."""
    address = report()["report"]["receipt_url"]

    def read(**changes):
        parts = urlsplit(address)
        query = {name: value for name, (value,) in parse_qs(parts.query).items()}
        asked = {**query, **changes}
        return Page(client.get(parts.path, query_string=asked, headers={"Accept": "text/html"}))

    return read


def test_a_receipt_says_what_arrived_when_and_where(services, receipt, report):
    made = report()["report"]
    page = receipt()

    assert page.status == 200
    assert made["receipt_url"].startswith(f"{services.settings.service_url}/form/report/receipt?")
    facts = page.texts["facts"]
    assert made["id"] in facts
    assert "23 novembre 2026 à 13\u00a0h\u00a000" in facts
    assert page.links["La halle rouvre ses portes"] == ARTICLE
    assert "examine" in facts
    assert "reçu votre signalement" in page.roles["status"]


def test_a_receipt_tells_nothing_but_that_a_person_has_decided(
    services, site, receipt, sent, rule, clock
):
    clock.move(hours=2)
    with services.database.read() as memory:
        comment = memory.comments.get(sent["id"], site.id)
    rule(comment, Verdict.REJECT, Reason.ILLEGAL_CONTENT)

    page = receipt()

    facts = page.texts["facts"]
    assert "a pris sa décision le 23 novembre 2026 à 15\u00a0h\u00a000" in facts
    everything = " ".join((*page.texts.values(), *page.roles.values()))
    assert "Camille" not in everything
    assert "marché" not in everything
    assert "rejet" not in everything.lower()


def test_of_a_withdrawn_comment_the_receipt_says_that_it_is_gone(client, receipt, sent):
    bearer = {"Authorization": f"Bearer {sent['edit_token']}"}
    client.delete(f"/v1/comments/{sent['id']}", headers=bearer)

    facts = receipt().texts["facts"]

    assert "n’est plus là" in facts
    assert "décision" not in facts


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_speaks_every_readers_language(receipt, language):
    page = receipt(lang=language)

    assert dict(page.tags)["html"]["lang"] == language
    assert say(language, "form.receipt_title") in page.texts["about"]
    assert say(language, "form.receipt_examined") in page.texts["facts"]


def test_the_address_of_a_receipt_keeps_the_language_of_the_reader(report):
    told = report(locale="de")["report"]["receipt_url"]

    assert parse_qs(urlsplit(told).query)["lang"] == ["de"]


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "x" * 32}, {"token": "é"}, {"report": "01a20846-fe00-7000-8abe-02b6041ea20e"},
        {"report": "é"}, {"report": "x"},
    ],
)  # fmt: skip
def test_who_has_no_token_sees_no_receipt(receipt, changes):
    page = receipt(**changes)

    assert page.status == 404
    assert "facts" not in page.texts


@pytest.mark.parametrize("changes", [{"token": "x" * 600}, {"token": "a\x00"}, {"report": ""}])
def test_what_cannot_be_a_receipt_is_a_page_for_people(receipt, changes):
    page = receipt(**changes)

    assert page.status in (404, 422)
    assert "alert" in page.roles


def test_a_report_of_something_else_has_no_receipt(client, services, site, report, sent):
    report("SPAM")
    with services.database.read() as memory:
        (kept,) = memory.reports.about(sent["id"])
    query = {"report": kept.id, "token": services.report_tokens.sign(kept.id)}

    assert client.get("/form/report/receipt", query_string=query).status_code == 404


def test_a_token_opens_one_receipt_and_no_comment(services):
    tokens, edit = services.report_tokens, services.desk.edit_tokens

    assert tokens.verify("a", tokens.sign("a"))
    assert not tokens.verify("b", tokens.sign("a"))
    assert not edit.verify("a", tokens.sign("a"))
    assert not tokens.verify("a", edit.sign("a"))


def test_a_rotated_key_still_opens_old_receipts():
    old = ReportTokens([b"old"]).sign("a")

    assert ReportTokens([b"new", b"old"]).verify("a", old)
    assert not ReportTokens([b"new"]).verify("a", old)


def test_no_search_engine_and_no_other_page_learns_of_a_receipt(receipt):
    page = receipt()

    assert ("meta", {"name": "robots", "content": "noindex"}) in page.tags
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"


def test_without_javascript_such_a_report_leads_to_its_receipt(client, post, show):
    follow(client, post())
    comment = show().comments[0]
    client.delete_cookie(f"edit_{comment}", path="/form")
    sheet = Page(client.get(show().links["Signaler"]))
    filled = sheet.filled(reason="ILLEGAL_CONTENT", answer=solve(sheet.question))

    reply = client.post("/form/report", data=filled)
    page = Page(client.get(reply.headers["Location"]))

    assert reply.status_code == 303
    assert page.status == 200
    assert "Accusé de réception" in page.texts["about"]
    assert "facts" in page.texts

"""Readers report a comment, without JavaScript."""

import pytest
from browsing import Page, follow
from solving import solve

from moderation.domain.report import REPORTABLE

NOBODYS = "01a20846-fe00-7000-8abe-02b6041ea20e"
DETAILS = "Ce n’est pas vrai, voyez le compte rendu du conseil."
WRONG = [
    ({"reason": "BANNED_WORD"}, 422, "reason"),
    ({"reason": "'><script>"}, 422, "reason"),
    ({"details": "x" * 1001}, 422, "details"),
    ({"details": "a\x00b"}, 422, "details"),
    ({"answer": "beaucoup"}, 422, "answer"),
    ({"answer": ""}, 422, "answer"),
    ({"token": ""}, 422, "answer"),
    ({"token": "x" * 600}, 422, "answer"),
    ({"answer": "99"}, 403, "answer"),
]


@pytest.fixture
def sheet(client, post, show):
    """The page that reports a comment, as somebody else than its author finds it."""
    follow(client, post())
    comment = show().comments[0]
    client.delete_cookie(f"edit_{comment}", path="/form")
    return Page(client.get(show().links["Signaler"]))


@pytest.fixture
def fill(sheet):
    """Fill the report in: `fill(reason=…)`."""

    def write(page=None, **changes):
        page = page or sheet
        answer = changes.get("answer") or solve(page.question)
        typed = {"reason": "MISINFORMATION", "details": DETAILS, "answer": answer}
        return page.filled(**{**typed, **changes})

    return write


@pytest.fixture
def reports(client, sheet, as_moderator):
    """What moderators see of the reports."""

    def read():
        comment = sheet.fields["comment"]["value"]
        return client.get(f"/v1/moderation/comments/{comment}", headers=as_moderator).json

    return read


def test_the_reasons_have_plain_labels_and_none_is_chosen(sheet):
    assert sheet.fields["reason"]["choices"] == [reason.value for reason in REPORTABLE]
    assert sheet.fields["reason"]["value"] == ""
    assert "Publicité ou spam" in sheet.texts["choice"]
    assert "marché du samedi" in sheet.texts["quoted"]


def test_a_report_is_kept_and_thanked_for(client, fill, reports):
    told = follow(client, client.post("/form/report", data=fill()))

    assert "La rédaction va relire ce commentaire" in told.roles["status"]
    (kept,) = reports()["readers_reports"]
    assert (kept["reason"], kept["text"]) == ("MISINFORMATION", DETAILS)


def test_without_a_reason_nothing_is_sent_and_nothing_lost(client, fill, reports):
    page = Page(client.post("/form/report", data=fill(reason="")))

    assert page.status == 422
    assert page.links["Motif"] == "#reason"
    assert page.typed("details") == DETAILS
    assert "reason-error" in page.texts
    assert reports()["reports"] == 0


def test_each_problem_stands_beside_its_field_and_the_rest_is_kept(client, fill, reports):
    sent = fill()
    for changes, status, field in WRONG:
        page = Page(client.post("/form/report", data={**sent, **changes}))

        assert page.status == status, changes
        assert f"#{field}" in page.links.values()
        assert page.texts[f"{field}-error"]
        kept = {**sent, **changes}
        assert page.typed("details") == kept["details"]
        assert page.fields["reason"]["value"] in (kept["reason"], "")
        assert page.fields["token"]["value"] != sent["token"]
    assert reports()["reports"] == 0


def test_after_a_wrong_answer_the_next_one_counts(client, fill, reports):
    page = Page(client.post("/form/report", data=fill(answer="99")))

    assert client.post("/form/report", data=fill(page)).status_code == 303
    assert reports()["reports"] == 1


def test_another_question_keeps_what_was_chosen(client, fill):
    page = Page(client.post("/form/report/question", data=fill(answer="1")))

    assert page.status == 200
    assert page.fields["reason"]["value"] == "MISINFORMATION"
    assert page.typed("details") == DETAILS
    assert page.fields["answer"]["value"] == ""
    assert page.fields["token"]["value"] != fill()["token"]
    assert client.post("/form/report", data=fill(page)).status_code == 303


def test_an_unsure_site_asks_for_the_sum_once_the_report_is_written(add_site, client, post, show):
    site = add_site("unsure", captcha="unsure", comments_per_client="99 per minute")
    sent = post(page=show(site=site.key))
    assert sent.status_code == 303, "this text is plain ham"
    (comment,) = show(site=site.key).comments
    sheet = Page(client.get("/form/report", query_string={"comment": comment}))

    asked = Page(client.post("/form/report", data=sheet.filled(reason="OTHER", details=DETAILS)))
    again = asked.filled(answer=solve(asked.question))

    assert "token" not in sheet.fields
    assert asked.status == 403
    assert "alert" not in asked.roles
    assert "dernière vérification" in asked.roles["status"]
    assert (asked.fields["reason"]["value"], asked.typed("details")) == ("OTHER", DETAILS)
    assert client.post("/form/report", data=again).status_code == 303


def test_where_no_captcha_is_asked_a_report_needs_none(add_site, client, post, show):
    site = add_site("libre", captcha="never", comments_per_client="99 per minute")
    post(page=show(site=site.key))
    (comment,) = show(site=site.key).comments
    sheet = Page(client.get("/form/report", query_string={"comment": comment}))

    reply = client.post("/form/report", data=sheet.filled(reason="OTHER"))

    assert "answer" not in sheet.fields
    assert reply.status_code == 303


def test_an_id_of_nothing_is_a_page_for_people(client, fill):
    for n, comment in enumerate(("", "x", NOBODYS, "\x00", "é" * 64, "f" * 65)):
        somebody = {"REMOTE_ADDR": f"203.0.113.{n}"}
        shown = Page(client.get("/form/report", query_string={"comment": comment}))
        sheet = fill(comment=comment)
        tried = Page(client.post("/form/report", data=sheet, environ_base=somebody))

        assert {shown.status, tried.status} <= {404, 422}
        assert "alert" in shown.roles
        assert tried.typed("details") == DETAILS
        assert "main" not in tried.texts


def test_what_only_moderators_see_cannot_be_reported(client, post, show, add_site):
    strict = add_site("strict", blocked_words=("marché",))
    location = post(page=show(site=strict.key)).headers["Location"]
    comment = location.partition("sent=")[2].partition("#")[0]

    reply = client.get("/form/report", query_string={"comment": comment})

    assert reply.status_code == 404
    assert "marché" not in reply.text


def test_no_other_page_can_report(client, fill, reports):
    reply = client.post("/form/report", data=fill(), headers={"Origin": "https://else.example"})

    assert reply.status_code == 403
    assert reports()["reports"] == 0


def test_only_a_form_is_a_report(client, fill):
    assert client.post("/form/report", json=fill()).status_code == 415


@pytest.mark.parametrize("rates", ["4 per minute"])
def test_a_spent_limit_says_when_to_try_again_and_keeps_the_report(client, fill):
    sent = fill(answer="99")
    replies = [client.post("/form/report", data=sent) for _ in range(6)]
    page = Page(replies[-1])

    assert page.status == 429
    assert int(page.headers["Retry-After"]) >= 1
    assert page.typed("details") == DETAILS


def test_a_lost_database_loses_no_report_and_no_answer(client, fill, lose_database):
    sent = fill()
    lose_database()

    page = Page(client.post("/form/report", data=sent))

    assert page.status == 503
    assert page.filled() == sent | {"answer": sent["answer"]}
    assert "reste valable" in page.texts["hint"]


def test_nothing_a_reader_writes_becomes_markup(client, fill):
    script = "\"'><script>alert(1)</script>"

    page = Page(client.post("/form/report", data=fill(details=script, lang=script, reason=script)))

    assert page.status == 422
    assert "script" not in {tag for tag, _ in page.tags}
    assert page.typed("details") == script

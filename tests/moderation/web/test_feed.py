"""The feed: the newest comments, for programs that read feeds."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from places import ARTICLE, ORIGIN

from moderation.domain.comment import Author, Judgement, Submission
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id

ATOM = "{http://www.w3.org/2005/Atom}"
OTHER = f"{ORIGIN}/autre"


@pytest.fixture
def put(services, site, clock):
    """Publish a comment without a captcha, a minute after the one before."""

    def add(name="Lucie", text="Bonjour", html="<p>Bonjour</p>", thread=ARTICLE, **other):
        clock.move(minutes=1)
        sent = Submission(
            site=site, thread_url=thread, thread_title=other.pop("title", "La halle rouvre"),
            parent=None, author=Author(name, "lucie@courriel.example", other.pop("url", "")),
            text=text, honeypot="", client="client", locale="fr", is_from_page=True,
            received_at=clock(),
        )  # fmt: skip
        judgement = Judgement(other.pop("verdict", Verdict.PUBLISH), ())
        with services.database.transaction() as transaction:
            return transaction.comments.add(
                sent, judgement, comment_id=new_id(clock()), html=html, fingerprint=""
            )

    return add


@pytest.fixture
def ask(client, site):
    """Ask for the feed: `ask(thread=…)`."""

    def get(headers=None, **query):
        asked = {"site": site.key, **query}
        return client.get("/v1/feed.atom", query_string=asked, headers=headers)

    return get


@pytest.fixture
def follow(ask):
    """Return the feed as an XML tree."""

    def get(**query):
        reply = ask(**query)
        assert reply.status_code == 200, reply.text
        return ElementTree.fromstring(reply.data)

    return get


def texts(feed, name):
    return [element.text for element in feed.findall(f"{ATOM}entry/{ATOM}{name}")]


def test_the_feed_of_a_page_tells_its_newest_comments_first(put, follow):
    first = put(text="Un", html="<p>Un &amp; un</p>")
    second = put("Paul <b>")
    put(thread=OTHER)
    put(verdict=Verdict.HOLD)

    feed = follow(thread=ARTICLE)

    assert texts(feed, "id") == [f"urn:uuid:{second.id}", f"urn:uuid:{first.id}"]
    assert texts(feed, "content") == ["<p>Bonjour</p>", "<p>Un &amp; un</p>"]
    assert texts(feed, "author/" + ATOM + "name") == ["Paul <b>", "Lucie"]
    assert texts(feed, "title")[0] == "Paul <b> – La halle rouvre"
    assert feed.findtext(f"{ATOM}title") == "Commentaires – La halle rouvre"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-23T12:02:00.000Z"
    assert feed.find(f"{ATOM}entry/{ATOM}content").get("type") == "html"
    links = [link.get("href") for link in feed.findall(f"{ATOM}entry/{ATOM}link")]
    assert links[0] == f"{ARTICLE}#comment-{second.id}"


def test_the_feed_of_a_site_tells_all_its_pages(put, follow, site, add_site):
    first, second = put(), put(thread=OTHER, title="")

    feed = follow()

    assert texts(feed, "id") == [f"urn:uuid:{second.id}", f"urn:uuid:{first.id}"]
    assert texts(feed, "title")[0] == f"Lucie – {OTHER}"
    assert feed.findtext(f"{ATOM}title") == f"Commentaires – {site.name}"
    assert texts(follow(site=add_site("other").key), "id") == []


def test_the_feed_speaks_the_language_of_its_site(client, add_site):
    site = add_site("english", locale="en-GB")

    reply = client.get("/v1/feed.atom", query_string={"site": site.key})

    feed = ElementTree.fromstring(reply.data)
    assert feed.findtext(f"{ATOM}title") == "Comments – english"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"


def test_the_feed_knows_its_own_address(ask, follow, client):
    reply = ask(thread=ARTICLE)
    feed = follow(thread=ARTICLE)
    own = next(link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self")

    assert reply.mimetype == "application/atom+xml"
    assert client.get(own.get("href")).data == reply.data
    assert follow().findtext(f"{ATOM}id") != feed.findtext(f"{ATOM}id")


def test_fifty_comments_are_enough(put, follow):
    for number in range(52):
        put(f"Lectrice {number}")

    assert len(texts(follow(), "id")) == 50
    assert texts(follow(), "author/" + ATOM + "name")[0] == "Lectrice 51"


def test_an_unchanged_feed_answers_304(put, ask, services, clock):
    comment = put()
    first = ask()
    again = {"If-None-Match": first.headers["ETag"]}

    unchanged = ask(headers=again)
    with services.database.transaction() as transaction:
        transaction.decisions.withdraw(comment, clock() + timedelta(minutes=1))
    changed = ask(headers=again)

    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert changed.status_code == 200
    assert comment.id not in changed.text


def test_what_xml_cannot_hold_breaks_nothing(put, follow):
    put(
        "Zo\x0bé\ufffe", html="<p>a\x00b\x1f \uffff ]]> 🙂</p>", title="T\x08", url="https://x/\x01"
    )

    feed = follow()

    assert texts(feed, "content") == ["<p>a\ufffdb\ufffd \ufffd ]]> 🙂</p>"]
    assert texts(feed, "title") == ["Zo\ufffdé\ufffd – T\ufffd"]


def test_the_feed_holds_no_address_of_a_reader(put, ask):
    put(url="https://lucie.example")

    text = ask().text

    assert "courriel" not in text
    assert "<uri>https://lucie.example</uri>" in text


def test_a_page_without_comments_has_an_empty_feed(follow):
    feed = follow(thread=OTHER)

    assert texts(feed, "id") == []
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00.000Z"
    assert feed.findtext(f"{ATOM}title") == f"Commentaires – {OTHER}"


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"site": "unknown"}, 404, "unknown_site"),
        ({"site": ""}, 404, "unknown_site"),
        ({"thread": "javascript:alert(1)"}, 422, "invalid"),
        ({"limit": "50"}, 422, "invalid"),
    ],
)
def test_what_is_asked_wrongly_is_refused(ask, asked, status, code):
    reply = ask(**asked)

    assert (reply.status_code, reply.json["code"]) == (status, code)


def test_a_page_that_is_not_the_sites_cannot_read_the_feed(ask):
    allowed, refused = ask(headers={"Origin": ORIGIN}), ask(headers={"Origin": "https://x.example"})

    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert refused.status_code == 403

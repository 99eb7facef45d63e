"""The newest comments as a feed (Atom, RFC 4287), of one page or of a whole site."""

import re
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from apiflask import APIBlueprint
from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.moment import moment
from moderation.domain.reading import Placed
from moderation.domain.site import Site
from moderation.storage.conversations import Standing
from moderation.web.context import services, site
from moderation.web.origins import check_origin
from moderation.web.public.schemas import FeedQuery
from moderation.web.sentences import choose_language, say

NEWEST = 50
FEED_SECONDS = 60
NEVER = "1970-01-01T00:00:00.000Z"  # an empty feed must tell, too, when it last changed
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

bp = APIBlueprint("feed", __name__, url_prefix="/v1", tag="Readers")


@bp.get("/feed.atom")
@bp.input(FeedQuery, location="query", arg_name="query")
@bp.doc(responses=[200, 304, 403, 404, 422, 503])
def show(query: FeedQuery) -> ResponseReturnValue:
    """Follow the newest 50 comments of a page, or of the whole site, in a feed reader.

    Send the `ETag` back in `If-None-Match`: an unchanged feed answers 304 without a body.
    """
    found = site(query.site)
    check_origin(found)
    with services().database.read() as memory:
        page = memory.conversations.standing(found.id, query.thread) if query.thread else None
        latest = memory.conversations.latest(found.id, NEWEST, page)
    response = Response(write(found, page, latest), content_type="application/atom+xml")
    response.set_etag(sha256(response.data).hexdigest(), weak=True)
    response.headers["Cache-Control"] = f"public, max-age={FEED_SECONDS}"
    return response.make_conditional(request)


def write(found: Site, page: Standing | None, latest: Sequence[Placed]) -> bytes:
    """Return the feed: the same bytes for the same comments."""
    language = choose_language(found.locale)
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": found.locale})
    _add(feed, "id", uuid5(NAMESPACE_URL, f"{found.key} {page.url if page else ''}").urn)
    _add(feed, "title", say(language, "feed.title", subject=_subject(found, page)))
    _add(feed, "updated", max(map(_updated, latest), default=NEVER))
    _add(feed, "link", rel="self", type="application/atom+xml", href=_address(found, page))
    if page:
        _add(feed, "link", rel="alternate", type="text/html", href=page.url)
    for placed in latest:
        _add_entry(feed, placed, language)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: Element, placed: Placed, language: str) -> None:
    comment = placed.comment
    subject, name = placed.thread_title or placed.thread_url, comment.author.name
    entry = SubElement(feed, "entry")
    _add(entry, "id", f"urn:uuid:{comment.id}")
    _add(entry, "title", say(language, "feed.entry", name=name, subject=subject))
    author = SubElement(entry, "author")
    _add(author, "name", name)
    if comment.author.url:
        _add(author, "uri", comment.author.url)
    _add(entry, "published", moment(comment.created_at))
    _add(entry, "updated", _updated(placed))
    href = f"{placed.thread_url}#comment-{comment.id}"
    _add(entry, "link", rel="alternate", type="text/html", href=href)
    _add(entry, "content", comment.html, type="html")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> None:
    """Add an element; what XML cannot hold becomes U+FFFD."""
    legal = {key: NOT_XML.sub("\ufffd", value) for key, value in attributes.items()}
    SubElement(parent, name, legal).text = NOT_XML.sub("\ufffd", text) or None


def _subject(found: Site, page: Standing | None) -> str:
    if page is None:
        return found.name
    return (page.thread.title if page.thread else "") or page.url


def _updated(placed: Placed) -> str:
    return moment(placed.comment.edited_at or placed.comment.created_at)


def _address(found: Site, page: Standing | None) -> str:
    asked = {"site": found.key, **({"thread": page.url} if page else {})}
    return f"{services().settings.service_url}{url_for('feed.show')}?{urlencode(asked)}"

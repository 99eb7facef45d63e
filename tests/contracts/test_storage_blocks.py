"""Blocks are kept by site, count while they are in force, and what they were is not forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from moderation.domain.block import Block, BlockKind
from moderation.domain.comment import Author, Comment
from moderation.domain.decision import Decision
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.member import Member
from moderation.domain.site import Policy, Site
from moderation.errors import NotFound
from moderation.storage.database import Database

HOUR = timedelta(hours=1)
Make = Callable[..., Block]


@pytest.fixture
def block(database: Database, site: Site, key_id: int, now: datetime) -> Make:
    """Keep blocks of `site`, each a second after the one before; name only what matters."""
    seconds = count()

    def make(**other: object) -> Block:
        fields: dict[str, object] = {
            "id": new_id(now + timedelta(seconds=next(seconds))),
            "site_id": site.id,
            "kind": BlockKind.DOMAIN,
            "pattern": "spam.example",
            "verdict": Verdict.REJECT,
            "reason": "Publicité",
            "moderator": "Zoé",
            "key_id": key_id,
            "created_at": now,
        }
        made = Block(**{**fields, **other})  # type: ignore[arg-type]
        with database.transaction() as tx:
            tx.blocks.add(made)
        return made

    return make


@pytest.fixture
def other_site(database: Database, now: datetime) -> Site:
    with database.transaction() as tx:
        return tx.sites.add("Autre", ["https://autre.example"], "fr", Policy(), now)


def test_a_block_comes_back_as_it_was_kept(
    database: Database, site: Site, block: Make, add: Callable[..., Comment], now: datetime
) -> None:
    comment = add()
    kept = block(kind=BlockKind.SENDER, comment_id=comment.id, expires_at=now + HOUR)

    with database.read() as tx:
        assert tx.blocks.get(kept.id, site.id) == kept
        assert tx.blocks.in_force(site.id, now) == (kept,)


def test_a_block_counts_until_it_expires_or_is_removed(
    database: Database, site: Site, block: Make, now: datetime
) -> None:
    short, long = block(expires_at=now + HOUR), block(pattern="b.example")

    with database.read() as tx:
        assert tx.blocks.in_force(site.id, now + HOUR - timedelta(seconds=1)) == (short, long)
        assert tx.blocks.in_force(site.id, now + HOUR) == (long,)
    with database.transaction() as tx:
        tx.blocks.remove(long.id, site.id, now)
    with database.read() as tx:
        assert tx.blocks.in_force(site.id, now + HOUR) == ()
        assert [one.id for one in tx.blocks.of_site(site.id, 10)] == [long.id, short.id]
        assert tx.blocks.get(long.id, site.id).removed_at == now


def test_a_block_is_removed_once(
    database: Database, site: Site, block: Make, now: datetime
) -> None:
    kept = block()
    with database.transaction() as tx:
        tx.blocks.remove(kept.id, site.id, now)

    with pytest.raises(NotFound), database.transaction() as tx:
        tx.blocks.remove(kept.id, site.id, now + HOUR)


def test_a_block_of_another_site_is_not_there(
    database: Database, other_site: Site, block: Make, add: Callable[..., Comment], now: datetime
) -> None:
    kept, comment = block(), add()

    with database.transaction() as tx:
        assert tx.blocks.in_force(other_site.id, now) == ()
        assert tx.blocks.of_site(other_site.id, 10) == ()
        with pytest.raises(NotFound):
            tx.blocks.get(kept.id, other_site.id)
        with pytest.raises(NotFound):
            tx.blocks.remove(kept.id, other_site.id, now)
        with pytest.raises(NotFound):
            tx.blocks.sender_of(comment.id, other_site.id)


def test_the_sender_of_a_comment_is_its_hash(
    database: Database, site: Site, add: Callable[..., Comment]
) -> None:
    comment = add(client="a1b2")

    with database.read() as tx:
        assert tx.blocks.sender_of(comment.id, site.id) == "a1b2"


def test_the_latest_comments_are_read_lightly_newest_first(
    database: Database, site: Site, add: Callable[..., Comment], now: datetime
) -> None:
    verdicts = [Verdict.HOLD, Verdict.PUBLISH, Verdict.REJECT, Verdict.PUBLISH]
    made = [
        add(f"numéro {n}", verdict, client=f"c{n}", member=Member(f"m{n}", "Lucie"))
        for n, verdict in enumerate(verdicts)
    ]

    with database.read() as tx:
        everything = tx.recent.since(site.id, now, 10)
        latest = tx.recent.since(site.id, now, 2)
        later = tx.recent.since(site.id, made[2].created_at, 10)
    assert [light.id for light in everything] == [comment.id for comment in made[::-1]]
    assert [light.id for light in latest] == [made[3].id, made[2].id]
    assert [light.id for light in later] == [made[3].id, made[2].id]
    seen = latest[0].writing
    assert (seen.text, seen.client, seen.member) == ("numéro 3", "c3", "m3")
    assert latest[0].status is made[3].status


def test_another_sites_comments_are_not_among_them(
    database: Database, other_site: Site, add: Callable[..., Comment], now: datetime
) -> None:
    add()

    with database.read() as tx:
        assert tx.recent.since(other_site.id, now, 10) == []


def test_what_people_have_published_and_not_taken_back_is_counted(
    database: Database,
    site: Site,
    key_id: int,
    add: Callable[..., Comment],
    decision: Callable[..., Decision],
) -> None:
    published, held, by_service, again = add(), add(), add(), add()
    with database.transaction() as tx:
        tx.decisions.decide(decision(published, key_id=key_id), site.id)
        tx.decisions.decide(decision(held, Verdict.HOLD, key_id=key_id), site.id)
        tx.decisions.decide(decision(by_service), site.id)
        after = tx.decisions.decide(decision(again, key_id=key_id), site.id)
        tx.decisions.decide(decision(after, Verdict.REJECT, key_id=key_id), site.id)
    ids = [comment.id for comment in (published, held, by_service, again)]

    with database.read() as tx:
        assert tx.recent.published_by_people(ids) == 1
        assert tx.recent.published_by_people([]) == 0


def test_a_members_published_comments_are_counted_as_far_as_asked(
    database: Database, site: Site, other_site: Site, add: Callable[..., Comment]
) -> None:
    lucie = Member("4711", "Lucie")
    for verdict in (Verdict.PUBLISH, Verdict.HOLD, Verdict.PUBLISH, Verdict.PUBLISH):
        add(verdict=verdict, member=lucie)
    add(verdict=Verdict.PUBLISH, author=Author("4711", "4711"))

    with database.read() as tx:
        assert tx.authors.published_by(site.id, "4711", 10) == 3
        assert tx.authors.published_by(site.id, "4711", 2) == 2
        assert tx.authors.published_by(site.id, "", 10) == 0
        assert tx.authors.published_by(other_site.id, "4711", 10) == 0

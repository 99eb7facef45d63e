"""What a newsroom is told once a day: who wants it, and the figures of their site."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from moderation.domain.audit import Kind, Note
from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.report import Report
from moderation.storage.tables.sites import people

DAY = timedelta(days=1)


@pytest.fixture
def person(database, engine, site, now):
    """Make a person with a key of the site, unless told otherwise; return their number."""

    def make(email, *, keys=1, expires_at=None, is_revoked=False, **other):
        values = {
            "email": email,
            "name": "Camille",
            "password_hash": "",
            "totp_used": 0,
            "wants_digest": True,
            "created_at": now,
            **other,
        }
        with engine.begin() as connection:
            number = connection.execute(insert(people), values).inserted_primary_key[0]
        with database.transaction() as tx:
            for _ in range(keys):
                tx.keys.add(site, Role.MODERATOR, "C", now, person_id=number, expires_at=expires_at)
            if is_revoked:
                tx.keys.revoke(tx.keys.of_site(site.id)[-1].holder.id, site.id, now)
        return number

    return make


def test_who_wants_a_digest_gets_one_for_each_site_however_many_keys(database, person, site, now):
    wanted = person("a@journal.example", keys=2)
    person("b@journal.example", wants_digest=False)
    person("c@journal.example", disabled_at=now)
    person("d@journal.example", keys=0)
    person("e@journal.example", is_revoked=True)
    person("f@journal.example", expires_at=now)

    with database.read() as memory:
        (found,) = memory.digests.recipients(now)

    assert (found.person_id, found.email) == (wanted, "a@journal.example")
    assert (found.site_id, found.site_name, found.locale) == (site.id, site.name, "fr")
    assert "journal" not in repr(found).replace(site.name, "")


def test_a_quiet_site_has_nothing_to_say(database, site, now):
    with database.read() as memory:
        found = memory.digests.of_site(site.id, now - DAY, now)

    assert not found.is_worth_sending
    assert (found.oldest, found.last) == (None, None)


def test_the_figures_are_those_of_the_site(database, site, add, decision, key_id, now):
    first = add()
    add()
    published = add(verdict=Verdict.PUBLISH)
    decided = [add(), add()]
    with database.transaction() as tx:
        for comment in decided:
            tx.decisions.decide(decision(comment, key_id=key_id), site.id)
        for number, reason in enumerate((Reason.ILLEGAL_CONTENT, Reason.SPAM)):
            tx.reports.add(Report(new_id(now), published.id, reason, "", f"client {number}", now))
        tx.audit.append(site.id, Note(Kind.KEY, "Zoé", key_id, now, {"n": 1}))

    with database.read() as memory:
        today = memory.digests.of_site(site.id, now, now + DAY)
        before = memory.digests.of_site(site.id, now - DAY, now)
        last = memory.audit.last(site.id)

    assert (today.waiting, today.oldest) == (2, first.created_at)
    assert (today.reported, today.illegal) == (1, 1)
    assert (today.decided, before.decided) == (2, 0)
    assert today.last == last
    assert today.is_worth_sending

"""Kept answers: the first answer to a key is the only one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from moderation.errors import IdempotencyConflict
from moderation.storage.answers import KeptAnswer

FIRST = KeptAnswer("digest", 201, '{"id": "é"}')


def keep(database, site_id, key, answer, now):
    with database.transaction() as tx:
        tx.answers.keep(site_id, key, answer, now)


@pytest.mark.parametrize("key", ["key", "", "\x00", "\ud800", "clé" * 100])
def test_a_kept_answer_is_found_by_its_key(database, site, now, key):
    keep(database, site.id, key, FIRST, now)

    with database.read() as tx:
        assert tx.answers.find(site.id, key, "digest") == FIRST
        assert tx.answers.find(site.id, "another", "digest") is None
        assert tx.answers.find(site.id + 1, key, "digest") is None


def test_a_key_with_another_body_is_a_conflict(database, site, now):
    keep(database, site.id, "key", FIRST, now)

    with database.read() as tx, pytest.raises(IdempotencyConflict):
        tx.answers.find(site.id, "key", "another digest")


def test_of_many_requests_with_one_key_one_is_kept_with_what_it_did(
    database, site, submission, now
):
    start = Barrier(6)

    def act(number):
        start.wait()
        try:
            with database.transaction() as tx:
                tx.threads.ensure(site.id, f"https://journal.example/{number}", "", now)
                tx.answers.keep(site.id, "key", KeptAnswer("digest", 201, str(number)), now)
        except IdempotencyConflict:
            return None
        return number

    with ThreadPoolExecutor(6) as pool:
        winners = [number for number in pool.map(act, range(6)) if number is not None]

    assert len(winners) == 1
    with database.read() as tx:
        assert tx.answers.find(site.id, "key", "digest").body == str(winners[0])
        made = [tx.threads.by_url(site.id, f"https://journal.example/{n}") for n in range(6)]
    assert [bool(thread) for thread in made] == [n == winners[0] for n in range(6)]


def test_old_answers_are_forgotten(database, site, now):
    keep(database, site.id, "old", FIRST, now - timedelta(days=2))
    keep(database, site.id, "new", FIRST, now)

    with database.transaction() as tx:
        assert tx.answers.forget_before(now) == 1

    with database.read() as tx:
        assert tx.answers.find(site.id, "old", "digest") is None
        assert tx.answers.find(site.id, "new", "digest") == FIRST

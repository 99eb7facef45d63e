"""The same text from several hands at the same moment: one is the first, the others repeat it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest

from moderation.domain.comment import Status
from moderation.domain.finding import Verdict
from moderation.domain.site import CaptchaMode, Policy
from moderation.errors import CaptchaRequired
from moderation.spam import Opinion
from moderation.storage.database import Database
from moderation.submission.amend import Own, amend
from moderation.submission.checks.duplicate import duplicate
from moderation.submission.submit import submit

HANDS = 8
TEXT = "Un avis tranquille sur le pont du village"


@pytest.fixture
def database(database_url):
    """As patient as a busy machine asks for: nothing here may fail for its slowness."""
    opened = Database(database_url, busy_timeout=timedelta(seconds=20))
    yield opened
    opened.close()


@pytest.fixture
def desk(database):
    """A desk at which all hands have read what there is before the first of them writes."""
    together = Barrier(HANDS)

    def opinion(*_):
        together.wait(20)
        return Opinion(0.0, "model-1", hold=0.7, reject=0.9)

    return SimpleNamespace(
        database=database,
        model=SimpleNamespace(opinion=opinion),
        captcha=SimpleNamespace(spare=lambda _: True, issue=lambda *_: "a question"),
        checks=(duplicate,),
        edit_tokens=SimpleNamespace(sign=str.upper),
        fold=str.lower,
        fence_of=lambda _: None,
    )


def at_once(do):
    with ThreadPoolExecutor(HANDS) as hands:
        return [receipt.comment for receipt in hands.map(do, range(HANDS))]


def statuses(comments):
    return sorted(comment.status for comment in comments)


def send(desk, submission, site, mode, text=TEXT):
    asking = replace(site, policy=Policy(captcha=mode))
    return submit(submission(text, site=asking), None, desk)


def test_of_the_same_comment_sent_at_once_one_is_published(desk, submission, site):
    kept = at_once(lambda _: send(desk, submission, site, CaptchaMode.NEVER))

    assert statuses(kept) == [Status.HELD] * (HANDS - 1) + [Status.PUBLISHED]
    assert [one.findings[0].code for one in kept if one.findings] == ["duplicate"] * (HANDS - 1)


def test_comments_that_differ_do_not_stand_in_each_others_way(desk, submission, site):
    kept = at_once(lambda n: send(desk, submission, site, CaptchaMode.NEVER, f"{TEXT} {n}"))

    assert statuses(kept) == [Status.PUBLISHED] * HANDS


def test_whoever_repeats_a_comment_at_once_is_asked_when_in_doubt(database, desk, submission, site):
    asked = []

    def try_to_send(n):
        try:
            return send(desk, submission, site, CaptchaMode.UNSURE)
        except CaptchaRequired:
            asked.append(n)

    with ThreadPoolExecutor(HANDS) as hands:
        receipts = list(hands.map(try_to_send, range(HANDS)))

    assert len(asked) == HANDS - 1
    assert [one.comment.status for one in receipts if one] == [Status.PUBLISHED]
    with database.read() as memory:
        assert memory.counts.of_site(site.id)[Status.HELD] == 0


def test_of_comments_changed_to_the_same_text_at_once_one_stays_published(desk, add, site, now):
    own = [Own(add(f"Remarque {n}", Verdict.PUBLISH), site, "token") for n in range(HANDS)]

    changed = at_once(lambda n: amend(own[n], TEXT, desk, now))

    assert statuses(changed) == [Status.HELD] * (HANDS - 1) + [Status.PUBLISHED]

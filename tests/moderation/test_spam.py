"""The one champion: picked up when it changes, while everybody else goes on."""

from threading import Event, Thread

import pytest

from classifier.artefact import MODEL
from moderation.domain.comment import Author
from moderation.spam import WATCH_SECONDS, SpamModel, signing_keys

ANNA = Author("Anna")


class Seconds:
    """A clock in seconds that stands still until it is moved."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def move(self):
        self.now += WATCH_SECONDS


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def spam(services, seconds, registry):
    keys = signing_keys(services.settings.data)
    return SpamModel(services.settings.models, keys, seconds)


@pytest.fixture
def slow(spam, monkeypatch):
    """Make the next load of a champion wait until it is let go on."""
    begun, go_on, load = Event(), Event(), spam._registry.load_champion

    def wait_and_load():
        begun.set()
        assert go_on.wait(10)
        return load()

    monkeypatch.setattr(spam._registry, "load_champion", wait_and_load)
    return begun, go_on


def test_a_promotion_is_picked_up_within_seconds(spam, seconds, registry, model):
    before = spam.version
    registry.promote(model("second", 0.7))
    assert spam.version == before

    seconds.move()

    opinion = spam.opinion("Bonjour", "fr", ANNA)
    assert (opinion.model, round(opinion.score, 2)) == ("second", 0.7)
    assert WATCH_SECONDS < 5


def test_while_one_thread_loads_the_others_go_on_with_the_old_champion(
    spam, seconds, registry, model, slow
):
    begun, go_on = slow
    go_on.set()
    before = spam.version
    begun.clear(), go_on.clear()
    registry.promote(model("second"))
    seconds.move()
    loading = Thread(target=lambda: spam.version)
    loading.start()
    assert begun.wait(10)

    meanwhile = spam.opinion("Bonjour", "fr", ANNA)
    go_on.set()
    loading.join(10)

    assert meanwhile.model == before
    assert spam.version == "second"


def test_nobody_is_left_without_opinion_while_the_first_champion_is_loaded(spam, slow):
    begun, go_on = slow
    versions = []
    threads = [Thread(target=lambda: versions.append(spam.version)) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)

    go_on.set()
    for thread in threads:
        thread.join(10)

    assert len(versions) == 3
    assert None not in versions


def test_a_champion_that_cannot_be_trusted_gives_no_opinion(
    spam, seconds, registry, model, services
):
    assert spam.version
    registry.promote(model("second"))
    (services.settings.models / "second" / MODEL).write_bytes(b"tampered")
    seconds.move()

    assert spam.opinion("Bonjour", "fr", ANNA) is None

    registry.rollback()
    seconds.move()
    assert spam.opinion("Bonjour", "fr", ANNA) is not None

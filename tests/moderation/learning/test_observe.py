"""What the worker makes of new comments: shadow scores and weekly histograms, each once."""

import json
import sqlite3

import numpy as np
import pytest
from modelling import PROFILES
from structlog.testing import capture_logs

from classifier.artefact import MODEL
from classifier.scoring import Scorer
from moderation.domain.event import EventType
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.model import Drifting
from moderation.domain.webhook import Webhook
from moderation.errors import StoreUnavailable
from moderation.learning import observe
from moderation.learning.drift import ENOUGH, drift_of
from moderation.learning.observe import Observer
from moderation.learning.overview import overview

LIMIT = 0.25


@pytest.fixture
def observer(services):
    return Observer(services.database, services.models, LIMIT)


@pytest.fixture
def look(observer, clock):
    """Let the comments settle, and look at a batch of them."""

    def settle_and_observe():
        clock.move(seconds=11)
        return observer.observe(clock())

    return settle_and_observe


@pytest.fixture
def figures(services):
    def read(version):
        with services.database.read() as memory:
            return memory.shadows.figures(version)

    return read


@pytest.fixture
def rivals(registry, model):
    """A champion and a challenger that would hold everything."""
    registry.promote(model("reigning"))
    registry.challenge(model("rival", 0.6))


def test_the_challenger_scores_what_the_champion_has_scored(look, rivals, remember, figures):
    for score in (0.1, 0.6, 0.95):
        remember(score=score, version="reigning")
    remember(score=0.1, version="somebody else")
    remember()

    look()

    told = figures("rival")
    assert told.comments == 3
    assert told.challenger_share(Verdict.HOLD) == 1
    assert told.champion_share(Verdict.HOLD) == told.champion_share(Verdict.REJECT) == 1 / 3
    assert told.agreement == 1 / 3


def test_the_thresholds_are_the_sites(services, site, look, rivals, remember, figures, clock):
    with services.database.transaction() as transaction:
        policy = type(site.policy)(hold_above=0.55, reject_above=0.58)
        transaction.sites.set_policy(site.id, policy)
    remember(score=0.56, version="reigning")

    look()

    assert figures("rival").counts == {(Verdict.REJECT, Verdict.HOLD): 1}


def test_each_comment_is_looked_at_once_also_after_a_restart(
    look, rivals, remember, figures, services, clock, monkeypatch
):
    monkeypatch.setattr(observe, "BATCH", 2)
    for _ in range(3):
        remember(score=0.1, version="reigning")

    seen = [look(), look(), look()]
    again = Observer(services.database, services.models, LIMIT).observe(clock())

    assert (seen, again) == ([2, 1, 0], 0)
    assert figures("rival").comments == 3


def test_a_comment_that_may_not_be_the_last_of_its_moment_waits(observer, remember, clock):
    remember(score=0.1)

    assert observer.observe(clock()) == 0
    clock.move(seconds=11)
    assert observer.observe(clock()) == 1


def test_a_clock_that_was_put_back_stops_nothing(observer, remember, clock):
    remember(score=0.1)
    clock.move(days=-1)

    assert observer.observe(clock()) == 1


def test_of_two_workers_one_counts(services, rivals, remember, figures, clock):
    remember(score=0.1, version="reigning")
    clock.move(seconds=11)
    one, other = (Observer(services.database, services.models, LIMIT) for _ in range(2))
    batch = other._next(clock())
    other._next = lambda _: batch

    assert [one.observe(clock()), other.observe(clock())] == [1, 0]
    assert figures("rival").comments == 1


def test_without_challenger_nothing_is_scored_twice(look, remember, services):
    remember(score=0.1)

    assert look() == 1
    with services.database.read() as memory:
        assert memory.shadows.figures("rival").comments == 0


def test_a_challenger_that_cannot_be_trusted_scores_nothing(
    look, rivals, remember, figures, services
):
    (services.settings.models / "rival" / MODEL).write_bytes(b"tampered")
    remember(score=0.1, version="reigning")

    with capture_logs() as logs:
        assert look() == 1

    assert figures("rival").comments == 0
    assert [(entry["event"], entry["version"]) for entry in logs] == [("model_refused", "rival")]


def test_the_same_batch_comes_again_when_the_database_was_away(
    services, observer, rivals, remember, figures, clock
):
    remember(score=0.1, version="reigning")
    clock.move(seconds=11)
    path = services.settings.data / "moderation.sqlite3"
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            observer.observe(clock())
        other.execute("ROLLBACK")

    assert observer.observe(clock()) == 1
    assert figures("rival").comments == 1


@pytest.fixture
def profiled(registry, model, monkeypatch):
    """A champion that knows its training data, and how much of a comment it never met."""
    monkeypatch.setattr(
        Scorer, "unseen_share", lambda self, documents: np.full(len(documents), 0.05)
    )
    registry.promote(model("profiled", drift=PROFILES))


def test_comments_are_counted_by_week_and_bin(look, profiled, remember, services, clock):
    remember(score=0.1, version="profiled")
    clock.move(days=7)
    for score in (0.1, 0.25, 0.3, 1.0):
        remember(score=score, version="profiled")

    look()

    with services.database.read() as memory:
        counted = memory.drift_counts.of_model("profiled")
    assert {(one.week, one.kind): dict(one.counts) for one in counted} == {
        ("2026-W48", Drifting.SCORES): {0: 1},
        ("2026-W48", Drifting.UNSEEN): {0: 1},
        ("2026-W49", Drifting.SCORES): {0: 2, 1: 1, 3: 1},
        ("2026-W49", Drifting.UNSEEN): {0: 4},
    }


def test_a_drift_is_told_once_a_week(look, profiled, remember, services, clock, site):
    logs = []
    webhook = _hear(services, site, clock)
    for _ in range(2):
        for _ in range(ENOUGH // 2):
            remember(score=0.9, version="profiled")
        with capture_logs() as entries:
            look()
        logs.append([entry for entry in entries if entry["event"] == "model_drifted"])
    remember(score=0.9, version="profiled")
    with capture_logs() as entries:
        look()
    logs.append([entry for entry in entries if entry["event"] == "model_drifted"])

    assert [len(told) for told in logs] == [0, 1, 0]
    (told,) = logs[1]
    assert (told["version"], told["week"]) == ("profiled", "2026-W48")
    assert told["scores"] > LIMIT
    with services.database.read() as memory:
        (event,) = memory.deliveries.page(webhook.id).items
    assert json.loads(event.body)["data"] == {
        name: told[name] for name in ("version", "week", "scores", "unseen", "limit")
    }


def _hear(services, site, clock):
    kinds = (EventType.MODEL_DRIFT,)
    webhook = Webhook(new_id(clock()), site.id, "https://a.example/", kinds, "whsec_YQ==", clock())
    with services.database.transaction() as transaction:
        transaction.webhooks.add(webhook)
    return webhook


def test_the_figures_are_those_of_the_latest_telling_week(
    look, profiled, remember, services, clock
):
    for _ in range(ENOUGH):
        remember(score=0.9, version="profiled")
    clock.move(days=7)
    remember(score=0.1, version="profiled")
    look()

    found = {one.about.version: one for one in overview(services.database, services.models, LIMIT)}

    drift = found["profiled"].drift
    assert (drift.week, drift.passed) == ("2026-W48", True)
    assert drift.unseen > 0


def test_traffic_like_the_training_data_is_no_drift(look, profiled, remember, services):
    for number in range(ENOUGH):
        remember(score=(number % 4) / 4 + 0.1, version="profiled")
    look()
    about = services.models.find("profiled")

    with services.database.read() as memory:
        scores = [h for h in memory.drift_counts.of_model("profiled") if h.kind == "scores"]

    drift = drift_of(about, scores, LIMIT)
    assert drift.scores == pytest.approx(0, abs=0.01)
    assert not drift.passed
    assert drift.unseen is None


def test_a_version_without_profile_has_no_drift(look, rivals, remember, services):
    for _ in range(ENOUGH):
        remember(score=0.9, version="reigning")
    look()

    found = {one.about.version: one for one in overview(services.database, services.models, LIMIT)}

    assert found["reigning"].drift is None
    assert found["reigning"].told()["drift"] is None

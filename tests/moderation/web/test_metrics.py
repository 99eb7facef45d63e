"""Figures for Prometheus: right whoever answers, documented, and never in the way."""

import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from modelling import PROFILES
from prometheus_client.parser import text_string_to_metric_families

from classifier.scoring import Scorer
from moderation.domain.finding import Verdict
from moderation.learning.drift import ENOUGH
from moderation.learning.observe import Observer
from moderation.web.metrics import NAMES

DOCUMENT = Path(__file__).parents[3] / "docs" / "operations.md"


@pytest.fixture
def scrape(client):
    def get():
        reply = client.get("/metrics")
        assert reply.status_code == 200
        assert reply.content_type.startswith("text/plain; version=")
        return {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(reply.text)
            for sample in family.samples
        }

    return get


@pytest.fixture
def busy(registry, model, remember, services, clock, monkeypatch, labelled):
    """A service of which every metric says something."""
    monkeypatch.setattr(
        Scorer, "unseen_share", lambda self, documents: np.full(len(documents), 0.05)
    )
    registry.promote(model("reigning", drift=PROFILES))
    registry.challenge(model("rival", 0.6))
    for _ in range(ENOUGH):
        remember(score=0.9, version="reigning", verdict=Verdict.REJECT)
    labelled(spam=2, ham=1)
    clock.move(seconds=11)
    Observer(services.database, services.models, 0.25).observe(clock())


def test_every_metric_is_documented(scrape, busy):
    documented = set(re.findall(r"^\| `(moderation_\w+)", DOCUMENT.read_text("utf-8"), re.M))

    assert {name for name, *_ in scrape()} == set(NAMES) == documented


def test_the_figures_are_those_of_the_database_and_the_registry(scrape, busy):
    figures = scrape()

    assert figures["moderation_up", "database"] == 1
    assert figures["moderation_comments", "rejected"] == ENOUGH + 2
    assert figures["moderation_comments", "published"] == 1
    assert figures["moderation_comments", "held"] == 0
    assert figures["moderation_champion_info", "reigning"] == 1
    assert figures["moderation_challenger_info", "rival"] == 1
    assert figures["moderation_shadow_comments", "rival"] == ENOUGH
    assert figures["moderation_shadow_share", "challenger", "hold"] == 1
    assert figures["moderation_shadow_agreement", "rival"] == 0
    assert figures["moderation_drift_psi", "reigning", "scores"] > 0.25
    assert figures["moderation_drift_passed", "reigning"] == 1


def test_a_new_service_has_figures_too(scrape, services, registry):
    figures = scrape()

    assert figures["moderation_comments", "held"] == 0
    assert figures["moderation_champion_info", registry.champion_version()] == 1
    assert not [name for name, *_ in figures if "shadow" in name or "drift" in name]


def test_nothing_names_a_site_or_a_person(client, busy, site):
    text = client.get("/metrics").text

    for secret in (site.name, site.key, site.secret, "Lucie", "Camille"):
        assert secret not in text


def test_without_the_database_the_rest_is_there(scrape, services, busy):
    path = services.settings.data / "moderation.sqlite3"
    services.database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE alembic_version RENAME TO gone")

    figures = scrape()

    assert figures["moderation_up", "database"] == 0
    assert figures["moderation_up", "model"] == 1
    assert figures["moderation_champion_info", "reigning"] == 1
    assert {name for name, *_ in figures} == {
        "moderation_up",
        "moderation_champion_info",
        "moderation_challenger_info",
    }


def test_a_database_that_goes_away_in_between_leaves_families_out(scrape, services, busy):
    path = services.settings.data / "moderation.sqlite3"
    services.database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE drift_counts")

    assert not [name for name, *_ in scrape() if "drift" in name or "comments" in name]


def test_a_broken_registry_breaks_nothing(scrape, services):
    (services.settings.models / "champion").write_text("nonsense/..\n")

    assert scrape()["moderation_up", "database"] == 1

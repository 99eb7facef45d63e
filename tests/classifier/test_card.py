"""The model card speaks of the model that ships."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from classifier.registry import BASELINE, load_packaged
from classifier.signals import SIGNALS

CARD = (Path(__file__).parents[2] / "docs" / "model.md").read_text("utf-8")
CORPUS = Path(__file__).parents[2] / "classifier" / "corpus"


@pytest.mark.parametrize(("signal", "meaning"), SIGNALS.items())
def test_every_signal_is_on_the_card(signal, meaning):
    assert f"| `{signal}` | {meaning} |" in CARD


def test_the_card_names_the_version_and_its_thresholds():
    model = load_packaged()

    assert f"# Model card: {model.version}" in CARD
    assert f"hold from {model.hold:.3f}, reject from {model.reject:.3f}" in CARD


def test_the_baseline_was_trained_on_the_corpus_that_ships():
    data = json.loads((BASELINE / "manifest.json").read_text("utf-8"))["data"]
    trained_on = {file["name"]: file["sha256"] for file in data["files"]}

    for path in CORPUS.glob("*.jsonl"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == trained_on[path.name]


def test_the_card_knows_how_many_kinds_of_french_spam_there_are():
    rows = (CORPUS / "fr.jsonl").read_text("utf-8").splitlines()
    kinds = {row["kind"] for row in map(json.loads, rows) if row["label"] == "spam"}

    told = re.search(r"in (\d+) kinds of French spam", CARD)

    assert told
    assert int(told[1]) == len(kinds)

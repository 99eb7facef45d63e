"""What streaming promises: any size, any order, no duplicate, nothing half-written."""

import json
import signal
import subprocess
import sys

import numpy as np
import pytest

from classifier import held_out, streaming
from classifier.bloom import Bloom
from classifier.dataset import Census, Example
from classifier.errors import InvalidDataset
from classifier.features import Document
from classifier.held_out import HeldOut
from classifier.streaming import is_large, learn, size_of
from classifier.vectors import vectorise


def quietly(size):
    """Tell nobody."""


def many(count):
    """Return rows sorted by label, the worst order there is."""
    chance = np.random.default_rng(0)
    words = ["".join(chance.choice(list("aeioulmnrst"), 6)) for _ in range(300)]
    kinds = (("spam", words[:150]), ("ham", words[150:]))
    return [
        {"text": " ".join((*chance.choice(own, 6), str(n))), "label": label, "lang": "fr"}
        for label, own in kinds
        for n in range(count // 2)
    ]


@pytest.fixture
def streamed(write_rows, monkeypatch):
    monkeypatch.setattr(streaming, "CHUNK", 100)
    return learn([write_rows(many(1000))], Census(), 0, quietly)


def test_a_file_sorted_by_label_is_learnt(streamed):
    rows = many(1000)
    matrix = vectorise([Document(row["text"], "fr") for row in rows])

    log_odds = matrix @ streamed.weights + streamed.bias

    assert np.mean((log_odds > 0) == [row["label"] == "spam" for row in rows]) > 0.95


def test_figures_are_those_of_examples_that_were_held_out(streamed):
    is_spam = np.array([example.is_spam for example in streamed.examples])
    expected = vectorise([example.document for example in streamed.examples]) @ streamed.weights

    assert 50 < len(streamed.held_out) < 200
    assert np.mean((streamed.held_out > 0.5) == is_spam) > 0.9
    assert streamed.held_out == pytest.approx(1 / (1 + np.exp(-expected - streamed.bias)))
    assert streamed.thresholds.hold <= streamed.thresholds.reject


def test_the_same_file_and_seed_give_the_same_model(streamed, write_rows):
    again = learn([write_rows(many(1000))], Census(), 0, quietly)

    assert np.array_equal(again.weights, streamed.weights)


def test_duplicates_are_dropped_and_every_byte_is_told(write_rows, monkeypatch):
    path, census, told = write_rows(many(1000) * 2), Census(), []

    learn([path], census, 0, told.append)

    assert (census.spam, census.ham, census.duplicates) == (500, 500, 1000)
    assert sum(told) == path.stat().st_size == size_of([path])


def test_what_is_remembered_stays_within_its_bounds(monkeypatch):
    monkeypatch.setattr(streaming, "REMEMBERED", 20)
    pupil = streaming._Pupil(0)
    rows = [Example(Document(row["text"]), row["label"] == "spam", "") for row in many(200)]

    for start in range(0, 200, 50):
        pupil.learn(rows[start : start + 50])

    assert [len(memory.rows.is_spam) for memory in pupil._memories] == [20, 20]


def test_variants_of_a_text_are_held_out_together_and_never_too_many(monkeypatch):
    monkeypatch.setattr(held_out, "MOST", 50)
    chosen = HeldOut(seed=0)
    rows = [Example(Document(row["text"]), True, "") for row in many(2000)]

    taken = [chosen.take(example) for example in rows]

    assert len(chosen.examples()) <= 50 < sum(taken)
    kept = chosen.examples()[0]
    assert chosen.take(Example(Document(kept.document.text.upper() + " !!!"), True, ""))


@pytest.mark.parametrize("label", ["spam", "ham"])
def test_one_class_alone_is_refused(write_rows, label):
    with pytest.raises(InvalidDataset, match="too little spam or ham"):
        learn([write_rows([{"text": "un", "label": label}])], Census(), 0, quietly)


def test_nothing_is_refused(write_rows):
    with pytest.raises(InvalidDataset, match="too little spam or ham"):
        learn([write_rows([])], Census(), 0, quietly)


def test_files_are_large_together(write_rows, monkeypatch):
    paths = [write_rows(many(100), name) for name in ("one", "two")]
    monkeypatch.setattr(streaming, "LARGE_BYTES", size_of(paths) - 1)

    assert is_large(paths)
    assert not is_large(paths[:1])


def test_a_filter_never_forgets_and_seldom_invents():
    seen = Bloom(bits=1 << 14)
    digests = [np.random.default_rng(n).bytes(16) for n in range(2000)]

    for digest in digests[:1000]:
        seen.add(digest)

    assert all(digest in seen for digest in digests[:1000])
    assert sum(digest in seen for digest in digests[1000:]) < 50
    assert "no digest" not in seen


def test_streaming_that_is_interrupted_leaves_no_version(tmp_path, write_rows):
    models = tmp_path / "models"
    program = (
        "from classifier import streaming; from classifier.cli.program import main;"
        "learn = streaming._Pupil.learn;"
        "streaming.CHUNK = 50;"
        "streaming._Pupil.learn = lambda *a: (learn(*a), print('learning', flush=True));"
        "main()"
    )

    with subprocess.Popen(
        [sys.executable, "-c", program, "train", write_rows(many(4000)), "--stream",
         "--out", models],
        env={"PYTHONPATH": ":".join(sys.path), "MODERATION_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.read()

    assert process.returncode != 0
    assert not models.exists()
    assert not list(tmp_path.glob("**/manifest.json"))


def test_the_manifest_tells_that_it_was_streamed(tmp_path, write_rows, monkeypatch):
    from click.testing import CliRunner

    from classifier.cli.program import main

    monkeypatch.setenv("MODERATION_DATA", str(tmp_path / "data"))
    arguments = ["train", write_rows(many(400)), "--stream", "--name", "one", "--out", tmp_path]

    outcome = CliRunner().invoke(main, list(map(str, arguments)))

    assert outcome.exit_code == 0, outcome.output
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["streamed"]
    assert manifest["data"]["spam"] == manifest["data"]["ham"] == 200

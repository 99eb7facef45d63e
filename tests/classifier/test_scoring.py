"""What scoring promises: scikit-learn's figures without scikit-learn."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.artefact import Artefact
from classifier.errors import IncompatibleModel
from classifier.features import Document
from classifier.hashing import BUCKETS
from classifier.scoring import Scorer, probability
from classifier.signals import SIGNALS

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120)
documents = st.builds(Document, ANY_TEXT, st.just("fr"), ANY_TEXT, ANY_TEXT)


@given(st.lists(documents, min_size=1, max_size=5))
def test_scores_equal_those_of_scikit_learn(scorer, trained, batch):
    assert scorer.score(batch) == pytest.approx(trained.predict(batch), abs=1e-6)


def test_scores_equal_those_of_scikit_learn_on_what_it_was_taught(scorer, trained, examples):
    batch = [example.document for example in examples]

    assert np.abs(scorer.score(batch) - trained.predict(batch)).max() < 1e-6


@given(documents)
def test_one_document_scores_as_it_does_among_others(scorer, document):
    among_others = scorer.score([Document("avant"), document, Document("après")])[1]

    assert scorer.score_one(document) == pytest.approx(among_others, abs=1e-12)
    assert 0 <= among_others <= 1


def test_no_documents_have_no_scores(scorer):
    assert scorer.score([]).shape == (0,)


def test_a_scorer_cannot_be_changed(scorer):
    with pytest.raises(FrozenInstanceError):
        scorer.hold = 0.0


def test_threads_share_a_scorer(scorer, examples):
    batch = [example.document for example in examples]
    alone = scorer.score(batch).tolist()

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: scorer.score(batch).tolist(), range(8)))

    assert together == [alone] * 8


@given(st.floats(-1e6, 1e6))
def test_a_probability_never_leaves_its_range(log_odds):
    assert 0 <= probability(log_odds) <= 1
    assert probability(log_odds) + probability(-log_odds) == pytest.approx(1)


@pytest.mark.parametrize("room", ["scoring", "registry", "explanation", "cli.program"])
def test_a_web_worker_never_loads_scikit_learn(room):
    program = (
        f"import sys, classifier.{room};"
        "sys.exit(any(m.partition('.')[0] in {'sklearn', 'scipy'} for m in sys.modules))"
    )

    outcome = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}
    )

    assert outcome.returncode == 0


def arrays(**changes):
    sound = {
        "ngrams": np.zeros(BUCKETS, dtype=np.float32),
        "signals": np.zeros(len(SIGNALS)),
        "bias": np.array(0.0),
    }
    return {**sound, **changes}


def test_a_model_of_other_features_is_refused(tmp_path, manifest):
    artefact = Artefact(tmp_path, {**manifest, "features": "0"}, arrays())

    with pytest.raises(IncompatibleModel, match="reads features 0, not 2: train it again"):
        Scorer.of(artefact)


@pytest.mark.parametrize(
    ("changes", "broken_arrays"),
    [
        ({"thresholds": None}, {}),
        ({"thresholds": {"hold": 0.5}}, {}),
        ({"thresholds": {"hold": "high", "reject": 0.9}}, {}),
        ({}, {"ngrams": np.zeros(10)}),
        ({}, {"signals": np.zeros(1)}),
        ({}, {"bias": np.array(np.nan)}),
        ({}, {"bias": "zero"}),
        ({}, {"ngrams": None}),
    ],
)
def test_an_incomplete_model_is_refused(tmp_path, manifest, changes, broken_arrays):
    artefact = Artefact(tmp_path, {**manifest, **changes}, arrays(**broken_arrays))

    with pytest.raises(IncompatibleModel, match="is incomplete"):
        Scorer.of(artefact)

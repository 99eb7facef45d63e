"""What a site's own labels teach: English to a model that never saw English.

Goals, labels and test half spam and half ham: F1 ≥ 0.60 after 100 labels and ≥ 0.85 after 300, and
French recall and false positives no more than 1 point worse. The same rates in the natural mixture
of the sources are shown beside, and labels drawn in it. All at the hold threshold, mean over
`SEEDS` draws.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import training_data
from classifier import features
from classifier.artefact import Artefact
from classifier.correction import CORPUS, correct
from classifier.dataset import Example, assign_folds
from classifier.scoring import Scorer
from classifier.training import train

LANGUAGE = "en"
TWEETS = frozenset({"davidson", "told_br"})
FEW_TWEETS = 5000
SIZES = (100, 300)
SEEDS = int(os.environ.get("CORRECTION_SEEDS", "3"))
FRENCH_PARTS, TEST_PARTS = 6, 4
Rates = NDArray[np.float64]
"""Recall and false-positive rate."""


def main() -> None:
    """Train without the language, then correct with more and more labels."""
    examples = training_data.read_all()
    if examples is None:
        return
    home, away = _split(examples)
    parts = assign_folds(home, FRENCH_PARTS, 1)
    french = [e for e, p in zip(home, parts, strict=True) if not p and e.document.lang == "fr"]
    tested = set(map(id, french))
    taught = [example for example in home if id(example) not in tested]
    trained = train(taught, 0, lambda step: None)
    champion = _scorer(trained.arrays(), trained.thresholds.hold, trained.thresholds.reject)
    names = {path.stem for path in CORPUS}
    corpus = [example for example in taught if example.source in names]
    turns = assign_folds(away, TEST_PARTS, 1)
    test = [example for example, turn in zip(away, turns, strict=True) if not turn]
    pool = [example for example, turn in zip(away, turns, strict=True) if turn]
    before = _rates(champion, french)
    print(f"  {len(test)} {LANGUAGE} and {len(french)} French comments to test on")
    print("  labels             F1   natural   recall    FPR   French: recall      FPR")
    _tell("none", [_rates(champion, test)], [before], before, test)
    for mixture in ("half", "natural"):
        for size in SIZES:
            scorers = [
                _corrected(champion, labels, corpus, seed)
                for seed, labels in enumerate(_draws(pool, size, mixture))
            ]
            found = [_rates(scorer, test) for scorer in scorers]
            kept = [_rates(scorer, french) for scorer in scorers]
            _tell(f"{size} {mixture}", found, kept, before, test)


def _split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return what the champion may see, with fewer tweets, and comments of the new language."""
    tweets = [example for example in examples if example.source in TWEETS]
    few = set(map(id, tweets[:: max(1, len(tweets) // FEW_TWEETS)]))
    rest = [e for e in examples if e.source not in TWEETS or id(e) in few]
    home = [example for example in rest if example.document.lang != LANGUAGE]
    away = [e for e in rest if e.document.lang == LANGUAGE and e.source not in TWEETS]
    return home, away


def _draws(pool: Sequence[Example], size: int, mixture: str) -> Iterator[list[Example]]:
    """Return labels as moderators would make them: as they come, or as many of either class."""
    is_spam = np.array([example.is_spam for example in pool])
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        groups = [np.arange(len(pool))]
        if mixture == "half":
            groups = [np.flatnonzero(is_spam), np.flatnonzero(~is_spam)]
        drawn = [chance.choice(group, size // len(groups), replace=False) for group in groups]
        yield [pool[place] for place in np.concatenate(drawn)]


def _corrected(
    champion: Scorer, labels: Sequence[Example], corpus: Sequence[Example], seed: int
) -> Scorer:
    outcome = correct(champion, labels, corpus, seed, lambda step: None)
    return _scorer(outcome.arrays(), outcome.thresholds.hold, outcome.thresholds.reject)


def _scorer(arrays: dict[str, NDArray[np.floating]], hold: float, reject: float) -> Scorer:
    thresholds = {"hold": hold, "reject": reject}
    about = {"features": features.VERSION, "thresholds": thresholds, "version": "benchmark"}
    return Scorer.of(Artefact(Path(), about, arrays))


def _rates(scorer: Scorer, examples: Sequence[Example]) -> Rates:
    """Return recall and false-positive rate at the hold threshold."""
    held = scorer.score([example.document for example in examples]) >= scorer.hold
    is_spam = np.array([example.is_spam for example in examples])
    return np.array([held[is_spam].mean(), held[~is_spam].mean()])


def _f1(rates: Rates, spam: float) -> float:
    """Return F1 where a share `spam` of the comments is spam."""
    caught, blamed = rates[0] * spam, rates[1] * (1 - spam)
    return float(2 * caught / (caught + blamed + spam))


def _tell(
    name: str, found: list[Rates], kept: list[Rates], before: Rates, test: Sequence[Example]
) -> None:
    natural = float(np.mean([example.is_spam for example in test]))
    even, mixed = (np.mean([_f1(r, share) for r in found]) for share in (0.5, natural))
    recall, false = np.mean(found, axis=0)
    french, moved = np.mean(kept, axis=0), 100 * (np.mean(kept, axis=0) - before)
    print(
        f"  {name:14} {even:7.3f} {mixed:8.3f} {recall:9.3f} {false:7.3f}   "
        f"{french[0]:.3f} {moved[0]:+5.1f}   {french[1]:.3f} {moved[1]:+5.1f}",
        flush=True,
    )

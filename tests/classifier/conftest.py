"""A small world for the classifier: invented comments, a model taught with them, a registry."""

import json
from itertools import product

import pytest
from hypothesis import settings

from classifier.artefact import unpack, verify
from classifier.dataset import Census, read
from classifier.features import VERSION
from classifier.keys import ensure_keys, read_keys
from classifier.registry import Registry
from classifier.scoring import Scorer
from classifier.training import train

settings.register_profile("unhurried", deadline=None, max_examples=40)
settings.load_profile("unhurried")

OFFERS = [
    "Gagnez {n} euros par jour sans sortir de chez vous",
    "Prêt rapide de {n} euros accordé sous une heure",
    "Bonus de {n} euros offert sur notre casino",
    "Earn {n} dollars a week with our trading robot",
    "Cheap pills, {n} boxes delivered to your door tonight",
]
CALLS = [
    "écrivez à agent{n}@courriel.example",
    "voyez https://offre{n}.example !!!",
    "WhatsApp {n}",
]
OPINIONS = [
    "Le marché du samedi a perdu {n} étals cette année",
    "La ligne {n} passe enfin devant le lycée",
    "Je ne partage pas l'avis du maire sur ce projet à {n} voix près",
    "The council should publish all {n} pages of the report",
    "Our library opens at {n} and that is too late for pupils",
]
REMARKS = ["et personne n'en parle.", "c'est dommage pour le quartier.", "merci pour cet article."]


def rows_of(starts, ends, label):
    """Combine starts and ends into labelled rows that all differ."""
    return [
        {
            "text": f"{start} {end}".format(n=number),
            "label": label,
            "lang": "en" if start.split()[0] in {"Earn", "Cheap", "The", "Our"} else "fr",
            "source": f"invented {label}",
        }
        for number, (start, end) in enumerate(product(starts, ends), start=11)
    ]


@pytest.fixture(scope="session")
def invented_rows():
    return rows_of(OFFERS, CALLS, "spam") + rows_of(OPINIONS, REMARKS, "ham")


@pytest.fixture
def write_rows(tmp_path):
    """Write rows to a file of JSON lines: `write_rows(rows, name)`."""

    def write(rows, name="rows.jsonl"):
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def examples(invented_rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("invented") / "invented.jsonl"
    path.write_text("\n".join(map(json.dumps, invented_rows)), encoding="utf-8")
    return list(read([path], Census()))


@pytest.fixture(scope="session")
def trained(examples):
    return train(examples, seed=0, advance=lambda step: None)


@pytest.fixture(scope="session")
def manifest(trained):
    thresholds = trained.thresholds
    return {
        "version": "first",
        "created_at": "2026-11-23T12:00:00+00:00",
        "features": VERSION,
        "thresholds": {"hold": thresholds.hold, "reject": thresholds.reject},
        "metrics": {"overall": {"recall": 1.0}},
    }


@pytest.fixture
def keys(tmp_path):
    ensure_keys(tmp_path / "data")
    return read_keys(tmp_path / "data")


@pytest.fixture
def registry(tmp_path, keys):
    return Registry(tmp_path / "models", keys)


@pytest.fixture
def add_version(registry, manifest, trained):
    """Put a version into the registry: `add_version("second")` returns its folder."""

    def add(version="first", **changes):
        return registry.add(version, {**manifest, "version": version, **changes}, trained.arrays())

    return add


@pytest.fixture(scope="session")
def scorer(tmp_path_factory, manifest, trained):
    registry = Registry(tmp_path_factory.mktemp("registry"), [b"k" * 32])
    path = registry.add("first", manifest, trained.arrays())
    return Scorer.of(unpack(verify(path, [b"k" * 32])))

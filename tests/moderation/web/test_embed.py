"""The widget as it is sent: small, complete, cacheable, the same for every page."""

import gzip
import re
from pathlib import Path

import pytest

from moderation.web.public import embed

FOLDER = Path(embed.__file__).parents[1] / "widget"
SOURCES = {path.stem: path.read_text() for path in FOLDER.glob("*.js")}
LARGEST = 15_000
IMPORTED = re.compile(r'^import \{[^}]+\} from "\./(\w+)\.js";$', re.MULTILINE)
TOP = re.compile(
    r"^(?:export )?(?:async )?(?:function|class|const|let) (?:\{([^}]+)\}|(\w+))", re.MULTILINE
)
SAID = re.compile(r'\bsay\(\s*"([\w.]+)"')
CHOSEN = re.compile(r'"([a-z_]+)"')


@pytest.fixture
def widget(client):
    return client.get("/embed.js", headers={"Accept-Encoding": "gzip"})


def test_the_widget_is_small(widget):
    assert len(widget.data) <= LARGEST
    assert gzip.decompress(widget.data).decode() == embed.assemble()


def test_the_proof_of_work_travels_by_itself(client):
    reply = client.get("/embed/proof.js", headers={"Accept-Encoding": "gzip"})

    assert 'import("./embed/proof.js")' in embed.assemble()
    assert gzip.decompress(reply.data).decode() == embed.assemble_proof()
    assert re.findall(r"\bexport (?:async )?function (\w+)", embed.assemble_proof()) == ["prove"]
    assert "solveProof" not in embed.assemble()


@pytest.mark.parametrize("path", ["/embed.js", "/embed/proof.js"])
def test_any_page_may_load_the_widget(client, path):
    headers = client.get(path).headers

    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"] == "public, max-age=300"
    assert headers["Vary"] == "Accept-Encoding"


def test_a_browser_that_has_the_widget_is_not_sent_it_again(client, widget):
    tag = widget.headers["ETag"]
    asked = {"Accept-Encoding": "gzip", "If-None-Match": tag}

    again = client.get("/embed.js", headers=asked)
    plain = client.get("/embed.js")

    assert (again.status_code, again.data) == (304, b"")
    assert plain.text == embed.assemble()
    assert not tag.startswith("W/")
    assert plain.headers["ETag"] != tag


def test_every_module_is_there_and_stands_after_those_it_imports():
    assert sorted(SOURCES) == sorted([*embed.MODULES, *embed.PROOF])
    for order in (embed.MODULES, embed.PROOF):
        for place, name in enumerate(order):
            imported = set(IMPORTED.findall(SOURCES[name])) - {"built"}
            assert imported <= set(order[:place]), name
    for name in SOURCES:
        assert SOURCES[name].count("import {") == len(IMPORTED.findall(SOURCES[name])), name


def test_no_name_stands_twice_at_the_top():
    names = [name for name in embed.MODULES for _ in TOP.findall(SOURCES[name])]
    found = [one or two for name in embed.MODULES for one, two in TOP.findall(SOURCES[name])]

    assert len(names) > 40
    assert len(found) == len(set(found)), sorted(one for one in found if found.count(one) > 1)


def test_nothing_is_imported_or_exported_once_it_is_assembled():
    assert not re.search(r"\b(import [{*]|export )", embed.assemble())


def test_no_markup_is_made_from_text():
    written = "".join(SOURCES.values())

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|DOMParser|\beval\b", written)
    assert not re.search(r'\bstyle:(?! "unit")|\.style\b|"style"', written)


def test_every_word_is_there_and_none_is_idle():
    said = {re.sub(r"\.(one|other)$", "", key) for key in embed.words("fr")}
    written = "".join(SOURCES.values())
    own = {key for name in SOURCES for key in SAID.findall(SOURCES[name]) if "." in key}

    assert own <= said
    for key in said:
        table, name = key.split(".")
        is_composed = f"`{table}.$" in written and (table == "reason" or f'"{name}"' in written)
        assert f'"{key}"' in written or is_composed, key


@pytest.mark.parametrize("language", ["en", *embed.FURTHER])
def test_every_language_says_everything_with_the_same_figures(language):
    figures = re.compile(r"\{\w+\}")
    french, other = embed.words("fr"), embed.words(language)

    assert other.keys() == french.keys()
    for key, sentence in french.items():
        if not key.endswith(".one"):
            assert sorted(figures.findall(other[key])) == sorted(figures.findall(sentence)), key
    assert not any(embed.BETWEEN in sentence for sentence in other.values())


def test_french_is_set_as_french_is():
    for sentence in embed.words("fr").values():
        assert not re.search(r"(?<![\u202f\u00a0])[;?!»%](?!\w)", sentence), sentence
        assert not re.search(r"(?<!\u00a0):", sentence), sentence
        assert "'" not in sentence, sentence


@pytest.mark.parametrize("language", embed.FURTHER)
def test_a_further_language_is_fetched_when_it_is_wanted(client, language):
    reply = client.get(f"/embed/{language}.json")

    assert reply.json == embed.words(language)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("language", ["fr", "xx", "..%2ffr"])
def test_a_language_the_widget_does_not_speak_is_not_there(client, language):
    assert client.get(f"/embed/{language}.json").status_code == 404

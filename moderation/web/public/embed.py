"""The widget as one script, assembled from its modules, its style sheet and its words."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import minify
from apiflask import APIBlueprint
from flask import Response, request
from flask.typing import ResponseReturnValue
from zopfli.gzip import compress

from moderation.errors import NotFound

MODULES = (
    # each stands after those it imports
    "dom",
    "service",
    "dates",
    "notice",
    "words",
    "drafts",
    "member",
    "field",
    "panel",
    "captcha",
    "gate",
    "blank",
    "form",
    "edit",
    "report",
    "comment",
    "conversation",
    "discussion",
    "count",
    "embed",
)
PROOF = ("solver", "proof")  # a module of their own, fetched by whoever wants no sum
SHEETS = ("look.css", "captcha.css")
BUILT_IN = ("fr", "en")
BETWEEN = "|"  # stands in no sentence
FURTHER = ("de", "es", "it", "nl", "pt")
IMPORT = re.compile(r"^import .*\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.MULTILINE)
HEADERS = {
    # from every page, whatever its policy about other origins
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
    "Vary": "Accept-Encoding",
}

bp = APIBlueprint("embed", __name__, enable_openapi=False)


@bp.get("/embed.js")
def show() -> ResponseReturnValue:
    """Send the widget."""
    return _answer(_packed(assemble()), "text/javascript")


@bp.get("/embed/proof.js")
def show_proof() -> ResponseReturnValue:
    """Send what works in the place of a reader who wants no sum."""
    return _answer(_packed(assemble_proof()), "text/javascript")


@bp.get("/embed/<language>.json")
def show_words(language: str) -> ResponseReturnValue:
    """Send the widget's words in one of the languages the script does not hold.

    Raises:
        NotFound: the widget does not speak it.
    """
    if language not in FURTHER or not _source("words", f"{language}.toml").is_file():
        raise NotFound(language)
    return _answer(_packed(_as_json(words(language))), "application/json")


@cache
def assemble() -> str:
    """Return the widget: one module that imports nothing, small enough to travel."""
    sheet = minify.string("text/css", "".join(_source(name).read_text("utf-8") for name in SHEETS))
    given = f"const WORDS={_as_json(_table())},LOOK={_as_json(sheet)};"
    # Inside a function even the names of the top level may be shortened. The library moves the
    # destructuring in neighbouring declarations to the front, so none may need an assignment
    # made inside the one before; the browser's tests run what comes out here.
    whole = f"(()=>{{{given}{''.join(map(module, MODULES))}}})()"
    return str(minify.string("text/javascript", whole))


@cache
def assemble_proof() -> str:
    """Return the proof of work as a module that exports `prove`."""
    solver, proof = PROOF
    whole = module(solver) + IMPORT.sub("", _source(f"{proof}.js").read_text("utf-8"))
    return str(minify.string("text/javascript", whole))


def module(name: str) -> str:
    """Return a module's source as it stands among the others: importing, exporting nothing."""
    source = EXPORT.sub("", IMPORT.sub("", _source(f"{name}.js").read_text("utf-8")))
    return source.replace('import("./', 'import("./embed/')  # where they are sent from


@cache
def words(language: str) -> dict[str, str]:
    """Return what the widget says in a language, by "table.name"."""
    names = (f"{language}.toml", f"captcha.{language}.toml")  # the captcha's words stand apart
    found = (_source("words", name) for name in names)
    tables = (tomllib.loads(file.read_text("utf-8")) for file in found if file.is_file())
    return {key: said for table in tables for key, said in _flat(table, "")}


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, said in table.items():
        if isinstance(said, str):
            yield f"{prefix}{name}", said
        else:
            yield from _flat(said, f"{prefix}{name}.")


def _table() -> dict[str, str]:
    """Return the built-in words as lists, without writing the keys once for each language."""
    keys = words(BUILT_IN[0])
    lists = {language: [words(language)[key] for key in keys] for language in BUILT_IN}
    return {name: BETWEEN.join(said) for name, said in {"keys": _short(keys), **lists}.items()}


def _short(keys: Iterable[str]) -> Iterator[str]:
    """Yield keys without their table where it is that of the one before; plurals stay whole."""
    last = ""
    for key in keys:
        table, name = key.split(".", 1)
        yield name if table == last and "." not in name else key
        last = table


def _source(*names: str) -> Traversable:
    return files("moderation.web").joinpath("widget", *names)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def _packed(text: str) -> tuple[bytes, bytes, str]:
    body = text.encode()
    return body, compress(body), sha256(body).hexdigest()[:32]


def _answer(packed: tuple[bytes, bytes, str], kind: str) -> Response:
    """Answer with the smallest form the browser takes; each has an ETag of its own."""
    plain, small, tag = packed
    is_small = request.accept_encodings.quality("gzip") > 0
    response = Response(small if is_small else plain, content_type=f"{kind}; charset=utf-8")
    response.headers.update(HEADERS)
    if is_small:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{tag}-gzip" if is_small else tag)
    response.make_conditional(request)
    return response

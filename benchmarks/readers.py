"""Readers under load: they ask questions, work them out, and send comments."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from operator import add, mul, sub
from typing import Any, TypeVar

from benchmarks.servers import Server
from moderation.captcha.answers import read_answer

CLIENTS = 4
HEADERS = {"Content-Type": "application/json"}
OPERATORS = {"+": add, "−": sub, "×": mul}
TEXT = (
    "Remarque numéro {n}. La réouverture de la halle change la vie du quartier : on y retrouve le "
    "marché du samedi, les maraîchers, le fromager et, paraît-il, bientôt une petite bibliothèque. "
    "J’espère que la mairie tiendra ses promesses sur les horaires et le stationnement des vélos."
)
Item = TypeVar("Item")


def post(connection: HTTPConnection, path: str, body: object) -> tuple[int, Any]:
    """Send JSON; return the status and the JSON that comes back."""
    connection.request("POST", path, json.dumps(body), HEADERS)
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())


def in_parallel(server: Server, items: Iterable[Item], act: Callable[..., Any]) -> list[Any]:
    """Let a few clients, each on one connection, `act(connection, item)` for every item."""
    shares: list[list[Item]] = [[] for _ in range(CLIENTS)]
    for number, item in enumerate(items):
        shares[number % CLIENTS].append(item)

    def work(share: list[Item]) -> list[Any]:
        connection = server.connect()
        try:
            return [act(connection, item) for item in share]
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [result for results in pool.map(work, shares) for result in results]


def comments(server: Server, count: int, first: int = 0) -> list[dict[str, Any]]:
    """Return bodies of comments, each with a fresh captcha already worked out."""
    site = server.keys["site_key"]

    def prepare(connection: HTTPConnection, number: int) -> dict[str, Any]:
        status, challenge = post(connection, "/v1/challenges", {"site": site})
        assert status == 201, challenge
        return {
            "site": site,
            "thread": {"url": f"https://journal.example/{number % 20}", "title": "La halle"},
            "author": {"name": "Lucie", "email": "lucie@courriel.example"},
            "text": TEXT.format(n=number),
            "captcha": {"token": challenge["token"], "answer": solve(challenge["question"])},
        }

    return in_parallel(server, range(first, first + count), prepare)


def solve(question: str) -> str:
    """Return the answer to a question of the normal level."""
    operator = next(sign for sign in OPERATORS if f" {sign} " in question)
    left, right = question.removesuffix("=").split(f" {operator} ")
    numbers = read_answer(left), read_answer(right)
    return str(OPERATORS[operator](*numbers))

"""A request gets its turn once all of it is here."""

import io
import socket
from threading import Event, Thread

import click
import pytest

from moderation.cli import server
from moderation.cli.server import LARGEST_READ_AHEAD, Turnstile
from moderation.config import read_settings


class SlowBody:
    """A body of which the rest comes when the test says so."""

    def __init__(self):
        self.is_waiting = Event()
        self.rest = Event()

    def read(self, _size):
        self.is_waiting.set()
        assert self.rest.wait(10)
        return b"all of it"


class Closing(list):
    """An answer that knows whether it was closed."""

    is_closed = False

    def close(self):
        self.is_closed = True


def echo(environ, start_response):
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def ask(turnstile, body=None, **environ):
    environ.setdefault("wsgi.input", body)
    return b"".join(turnstile(environ, lambda status, headers: None))


def test_a_half_sent_request_takes_no_turn():
    turnstile = Turnstile(echo, turns=1)
    slow = SlowBody()
    answers = []
    first = Thread(target=lambda: answers.append(ask(turnstile, slow, CONTENT_LENGTH="9")))
    first.start()
    assert slow.is_waiting.wait(10)

    assert ask(turnstile, io.BytesIO(b"second"), CONTENT_LENGTH="6") == b"second"

    slow.rest.set()
    first.join(10)
    assert answers == [b"all of it"]


def test_no_more_requests_than_turns_are_in_the_application():
    inside, leave = Event(), Event()

    def application(environ, start_response):
        inside.set()
        assert leave.wait(10)
        return []

    turnstile = Turnstile(application, turns=1)
    first = Thread(target=ask, args=(turnstile,))
    first.start()
    assert inside.wait(10)
    inside.clear()
    second = Thread(target=ask, args=(turnstile,))
    second.start()

    assert not inside.wait(0.2)

    leave.set()
    first.join(10)
    second.join(10)
    assert inside.is_set()


def test_a_body_without_a_length_is_read_as_well():
    chunked = ask(Turnstile(echo, 1), io.BytesIO(b"x" * 9), HTTP_TRANSFER_ENCODING="chunked")

    assert chunked == b"x" * 9


@pytest.mark.parametrize("length", [str(LARGEST_READ_AHEAD + 1), "a lot", "-1"])
def test_a_body_too_large_or_with_a_strange_length_is_left_to_the_application(length):
    body = io.BytesIO(b"x")

    ask(Turnstile(lambda *_: [], 1), body, CONTENT_LENGTH=length)

    assert body.tell() == 0


def test_the_answer_is_closed_and_the_turn_is_free_even_after_a_failure():
    def failing():
        yield b"a"
        raise ZeroDivisionError

    closing = Closing([b"a", b"b"])
    answers = iter([failing(), closing])
    turnstile = Turnstile(lambda *_: next(answers), turns=1)
    with pytest.raises(ZeroDivisionError):
        ask(turnstile)

    assert ask(turnstile) == b"ab"

    assert closing.is_closed


def test_a_port_that_shares_itself_counts_as_taken():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = read_settings({"MODERATION_PORT": str(taken.getsockname()[1])})

        with pytest.raises(click.ClickException, match="Cannot listen"):
            server.claim(settings)


def test_an_address_that_is_not_ours_is_told_in_a_sentence():
    settings = read_settings({"MODERATION_HOST": "192.0.2.1"})

    with pytest.raises(click.ClickException, match="MODERATION_HOST"):
        server.claim(settings)

"""The web server: granian, and how a request waits for its turn.

Granian hands a request to a thread as soon as its head is there, and the thread then waits for
the body, for ever if need be. So there are many threads to wait in, and a turnstile behind the
body: half-sent requests fill waiting places, not the few turns in which the application works.
"""

import http.client
import importlib
import io
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from threading import Semaphore
from typing import TYPE_CHECKING, Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from moderation.cli.children import stop_with
from moderation.config import Settings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

APPLICATION = "moderation.wsgi:app"
HEAVY = "moderation.app"  # what takes the time in loading it; does nothing when imported
WAITING_PLACES = 64  # threads for each process; they start when needed, 0.1 MB each
CONNECTIONS = 512  # for each process; further ones wait in the kernel
LARGEST_READ_AHEAD = 256 * 1024  # bytes; more than any body the application takes
HEAD_MILLISECONDS = 10_000  # to send a request's head, also the next one on the connection
STOP_SECONDS = 5  # for the requests under way when the server stops
ANSWER_SECONDS = 1.0

EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Turnstile:
    """Lets a request in when all of it is here and one of `turns` is free."""

    def __init__(self, application: "WSGIApplication", turns: int) -> None:
        self._application = application
        self._turns = Semaphore(turns)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request; the answer is complete when the turn ends."""
        if _has_body(environ):
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(LARGEST_READ_AHEAD))
            environ["wsgi.input_terminated"] = True  # so a body in chunks is read to its end
        with self._turns:
            chunks = self._application(environ, start_response)
            try:
                return [b"".join(chunks)]
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()


def serve(settings: Settings) -> None:
    """Serve the application until SIGTERM or SIGINT.

    Raises:
        click.ClickException: the address is taken or not ours.
    """
    claim(settings)
    importlib.import_module(HEAVY)  # once here, instead of once in each forked process
    server = Server(
        APPLICATION,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MILLISECONDS),
        websockets=False,
        workers=settings.workers,
        blocking_threads=max(WAITING_PLACES, settings.threads),
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=0.0,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.serve(target_loader=Loader(settings.threads), wrap_loader=False)


class Loader:
    """Loads the application in each of granian's processes, and ties that process to granian's.

    Granian would start a process that cannot load it over and over; this way the server stops,
    and whoever started the server decides when to try again.
    """

    def __init__(self, turns: int) -> None:
        self._turns = turns

    def __call__(self) -> Callable[..., Any]:
        """Return the application behind its turnstile."""
        parent = multiprocessing.parent_process()
        granian = (parent and parent.pid) or os.getppid()
        stop_with(granian, signal.SIGKILL)  # nobody else would stop this process
        with ExitStack() as failing:
            failing.callback(os.kill, granian, signal.SIGTERM)
            room, _, name = APPLICATION.partition(":")
            application = getattr(importlib.import_module(room), name)
            failing.pop_all()
        return Turnstile(application, self._turns)


def claim(settings: Settings) -> None:
    """Make sure that nobody listens on the address yet.

    Granian would not notice: its sockets share the port with others that are willing to.

    Raises:
        click.ClickException: somebody does, or the address is not of this machine.
    """
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as line:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                line.bind(address)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror}. "
            "Choose others with MODERATION_HOST and MODERATION_PORT."
        ) from error


def is_up(settings: Settings) -> bool:
    """Tell whether the application answers; listening alone is not enough."""
    host = EVERYWHERE.get(settings.host, settings.host)
    line = http.client.HTTPConnection(host, settings.port, timeout=ANSWER_SECONDS)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _has_body(environ: "WSGIEnvironment") -> bool:
    length = environ.get("CONTENT_LENGTH", "")
    if not length:
        return "HTTP_TRANSFER_ENCODING" in environ
    return length.isdecimal() and int(length) <= LARGEST_READ_AHEAD

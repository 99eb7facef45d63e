"""POST to an address that somebody has entered: checked, bounded in time and size, no redirects.

A name is looked up once, and what is connected to is the very address that was checked, so that a
name server that answers differently the second time gains nothing. TLS still verifies the name.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import httpcore

from moderation.errors import AddressRefused
from moderation.webhooks.addresses import Addresses

STEP_SECONDS = 15.0  # for connecting, and for each wait for the receiver
WHOLE_SECONDS = 30.0  # for all of it, so that nobody dribbles for ever
LARGEST_ANSWER = 16 * 1024  # bytes of an answer, its headers included; nobody needs its body
STEPS = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)


class TlsFailed(httpcore.ConnectError):
    """The receiver could not prove to have the name that was asked for, or speaks no TLS."""


ERRORS: Mapping[type[Exception], str] = {
    AddressRefused: "address_refused",
    httpcore.TimeoutException: "timed_out",
    TlsFailed: "tls_failed",
    httpcore.ConnectError: "not_connected",
    httpcore.NetworkError: "broken_off",
    httpcore.ProtocolError: "not_http",
    UnicodeError: "not_connected",
    ValueError: "not_http",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status_code: None if there was no answer.
        error: why there was none, as a code.
        retry_after: the header of that name, as it was sent.
    """

    status_code: int | None
    error: str = ""
    retry_after: str = ""


class Transport:
    """Sends; safe to share between threads.

    Nothing of the environment is used: no proxy, no credentials.
    """

    def __init__(
        self, addresses: Addresses, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._addresses = addresses
        self._monotonic = monotonic
        self._lock = Lock()
        self._open: set[Line] = set()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send `body` and return the answer, or what was in its way.

        It takes at most 30 seconds and a look-up of the name.
        """
        line = Line(self._addresses, self._monotonic() + WHOLE_SECONDS, self._monotonic)
        with self._lock:
            self._open.add(line)
        try:
            return self._send(line, url, headers, body)
        except tuple(ERRORS) as error:
            return Answer(None, _code(error))
        finally:
            with self._lock:
                self._open.discard(line)

    def _send(self, line: "Line", url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        address = httpcore.URL(url)
        whole = {"Host": _authority(address), "Connection": "close", **headers}
        with (
            httpcore.ConnectionPool(self._tls, network_backend=line, retries=0) as pool,
            pool.stream(
                "POST",
                address,
                headers=list(whole.items()),
                content=body,
                extensions={"timeout": STEPS},
            ) as response,
        ):
            told = {name.lower(): value for name, value in response.headers}
            retry_after = told.get(b"retry-after", b"").decode("latin-1")
            return Answer(response.status, retry_after=retry_after)

    def hang_up(self) -> None:
        """Break off whatever is being sent: nothing waits for an answer any longer."""
        with self._lock:
            lines = list(self._open)
        for line in lines:
            line.hang_up()


@dataclass(eq=False)
class Line(httpcore.SyncBackend):
    """The network as one request may use it, until `deadline`."""

    addresses: Addresses
    deadline: float
    monotonic: Callable[[], float]
    left: int = LARGEST_ANSWER
    stream: httpcore.NetworkStream | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to one of a name's addresses, each checked, none looked up again.

        Raises:
            AddressRefused: one of them must not be called.
        """
        try:
            found = self.addresses.of(host, port)
        except OSError as error:
            raise httpcore.ConnectError("no such name") from error
        reason: Exception = httpcore.ConnectError("no address")
        for address in found:
            try:
                stream = super().connect_tcp(
                    address, port, self.wait(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                reason = error
            else:
                return Bounded(stream, self)
        raise reason

    def wait(self, timeout: float | None) -> float:
        """Return how many seconds a step may wait.

        Raises:
            TimeoutException: none is left.
        """
        left = self.deadline - self.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("it took too long altogether")
        return left if timeout is None else min(left, timeout)

    def hang_up(self) -> None:
        """Break off: whoever waits for an answer learns that there will be none."""
        self.deadline = float("-inf")
        if self.stream is not None:
            with suppress(OSError):
                self.stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


class Bounded(httpcore.NetworkStream):
    """A connection that is given no more time and no more bytes than its line has left."""

    def __init__(self, stream: httpcore.NetworkStream, line: Line) -> None:
        self._stream = line.stream = stream
        self._line = line

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come.

        Raises:
            ReadError: more has come than anybody needs.
        """
        if self._line.left <= 0:
            raise httpcore.ReadError("the answer is too long")
        found = self._stream.read(min(max_bytes, self._line.left), self._line.wait(timeout))
        self._line.left -= len(found)
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, self._line.wait(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on in TLS, with whoever proves to have the name that was asked for."""
        wait = self._line.wait(timeout)
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, wait)
        except httpcore.ConnectError as error:
            raise TlsFailed from error
        return Bounded(stream, self._line)

    def get_extra_info(self, info: str) -> object:
        """Return what is known about the connection."""
        return self._stream.get_extra_info(info)


def _authority(address: httpcore.URL) -> str:
    host = address.host.decode("ascii")
    named = f"[{host}]" if ":" in host else host
    return named if address.port is None else f"{named}:{address.port}"


def _code(error: Exception) -> str:
    return next(code for kind, code in ERRORS.items() if isinstance(error, kind))

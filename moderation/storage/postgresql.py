"""PostgreSQL: how its connections are set up, and how a dead one is noticed."""

import select
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

CONNECT_SECONDS = 2
STATEMENT_LIMIT = timedelta(seconds=5)
IDLE_LIMIT = timedelta(seconds=30)
CONNECTIONS = 5
OVERFLOW = 11


def open_engine(url: URL, lock_timeout: timedelta) -> Engine:
    """Return an engine on which nothing waits for ever: to connect, for a lock, for a result."""
    limits = {
        "timezone": "UTC",
        "lock_timeout": _milliseconds(lock_timeout),
        "statement_timeout": _milliseconds(STATEMENT_LIMIT),
        "idle_in_transaction_session_timeout": _milliseconds(IDLE_LIMIT),
    }
    engine = create_engine(
        url,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": _milliseconds(STATEMENT_LIMIT),
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        },
        hide_parameters=True,  # what readers wrote stays out of logs
        pool_size=CONNECTIONS,
        max_overflow=OVERFLOW,
        pool_timeout=lock_timeout.total_seconds(),
    )
    _notice_dead_connections(engine)
    return engine


def _notice_dead_connections(engine: Engine) -> None:
    """Replace connections that a restart of the server has closed, before they are used.

    An idle connection has nothing to say. If its socket can be read, the server has said
    goodbye (or something harmless: a ping tells). Asking the socket takes microseconds; a ping
    each time, as SQLAlchemy's `pool_pre_ping` does, a round trip.
    """

    def check(connection: Any, _record: Any, _proxy: Any) -> None:
        driver = engine.dialect.loaded_dbapi
        try:
            if _is_readable(connection.fileno()):
                engine.dialect.do_ping(connection)
        except driver.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkout", check)


def _is_readable(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)

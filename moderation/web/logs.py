"""One structured line a request, with an identifier; never a text, e-mail, token or address."""

import logging
import secrets
import sys
import time
import traceback
from typing import TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

log = structlog.get_logger()


def configure(level: str, stream: TextIO | None = None, *, is_final: bool = False) -> None:
    """Make every entry one JSON object a line, on standard error unless told otherwise.

    What is final is not looked up again for each entry.
    """
    stream = stream or sys.stderr
    told: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=told,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *told,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=is_final,
    )


def register(app: Flask) -> None:
    """Make `app` log each request."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Give the request an identifier; every entry made meanwhile carries it."""
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def end(response: Response) -> Response:
    """Write what was asked and answered: the route, not the address with what it may hold."""
    response.headers["X-Request-Id"] = g.get("request_id", "")
    log.info(
        "request",
        method=request.method,
        route=str(request.url_rule) if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
    )
    return response


def where(error: BaseException) -> list[str]:
    """Return the places an error came through; its words may quote a reader and stay out."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]

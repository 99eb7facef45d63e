"""Starting and stopping: everything at once, or one part for a container."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
import structlog

from moderation import worker as background
from moderation.cli import folder, server, valkey
from moderation.cli.children import Child, Children, Plan, stop_with, tied
from moderation.cli.demo import ensure_demo, ensure_model
from moderation.config import Settings, Switch, read_settings
from moderation.errors import ConfigurationError
from moderation.spam import install_baseline, signing_keys
from moderation.storage.migrate import migrate

log = structlog.get_logger()

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LOOK_SECONDS = 0.2
READY_SECONDS = 30.0
VALKEY_READY_SECONDS = 10.0
VALKEY_PAUSES = (5.0,)  # comments are held meanwhile; a crash loop must not spin
REDIS_VARIABLE = "MODERATION_REDIS_URL"

stop_with_parent = click.option(
    "--stop-with-parent",
    "parent",
    type=int,
    is_flag=False,
    flag_value=0,
    metavar="[PROCESS]",
    help="Stop when the process that started this one is gone, even if it was killed.",
)


class Stopped(BaseException):
    """Somebody asked the service to stop."""


class StopSignals:
    """Turns the first signal to stop into `Stopped`, which ends the block; ignores the others."""

    def __init__(self) -> None:
        self._is_asked = False
        self._is_deferred = False

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Listen to the signals."""
        for number in STOPPING:
            signal.signal(number, self._hear)
        try:
            yield
        except Stopped:
            _note("Stopped.")

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Listen a moment later, after what must not be cut in two."""
        self._is_deferred = True
        try:
            yield
        finally:
            self._is_deferred = False
        if self._is_asked:
            self._stop()

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._is_asked = True
        if not self._is_deferred:
            self._stop()

    def _stop(self) -> NoReturn:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped


@click.command()
@stop_with_parent
def run(parent: int | None) -> None:
    """Start everything: migrations, Valkey, the web server and the worker."""
    settings = read_settings()
    signals = StopSignals()
    with signals.heeded(), ExitStack() as stack:
        _tie(parent)
        lock = stack.enter_context(folder.occupied(settings.data, _note))
        server.claim(settings)
        children = stack.enter_context(Children(lock, _report, signals.deferred))
        _start(settings, children)
        _welcome(settings)
        while True:
            children.tend()
            time.sleep(LOOK_SECONDS)


@click.command()
@stop_with_parent
def web(parent: int | None) -> None:
    """Start the web server alone; it needs a migrated database and MODERATION_REDIS_URL."""
    settings = _settings_of_a_part()
    _tie(parent)
    folder.make(settings.data)
    install_baseline(settings.models, signing_keys(settings.data))
    server.serve(settings)


@click.command()
@stop_with_parent
def worker(parent: int | None) -> None:
    """Start the worker alone; it needs a migrated database and MODERATION_REDIS_URL."""
    settings = _settings_of_a_part()
    _tie(parent)
    background.run(settings)


@click.group()
def database() -> None:
    """The database."""


@database.command("migrate")
def migrate_database() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    settings = read_settings()
    folder.make(settings.data)
    migrate(settings.database_address)


def _start(settings: Settings, children: Children) -> None:
    """Start what a first page needs; the worker can wait for the first round of tending."""
    environment = dict(os.environ)
    if not settings.redis_url.get_secret_value():
        environment[REDIS_VARIABLE] = _start_valkey(settings.data, environment, children)
    migrate(settings.database_address)
    ensure_model(settings)
    ensure_demo(settings)
    children.add(Plan("worker", _part("worker"), environment))
    web = children.add(Plan("web", _part("web"), environment))
    web.start()
    _wait_until_ready(settings, web)


def _start_valkey(data: Path, environment: dict[str, str], children: Children) -> str:
    command, place, output = valkey.prepare(data)
    children.add(Plan("valkey", tied(command), environment, VALKEY_PAUSES, output)).start()
    if not _comes_true(lambda: valkey.is_up(place), VALKEY_READY_SECONDS):
        log.warning("valkey_not_ready", consequence="comments are held", see=str(output))
    return valkey.url(place)


def _part(name: str) -> list[str]:
    return [sys.executable, "-m", "moderation", name, "--stop-with-parent", str(os.getpid())]


def _wait_until_ready(settings: Settings, web: Child) -> None:
    if _comes_true(lambda: server.is_up(settings) or not web.is_alive, READY_SECONDS):
        if web.is_alive:
            return
        raise click.ClickException(
            "The web server stopped while it was starting; the lines above say why."
        )
    raise click.ClickException(
        f"The web server did not answer on {settings.host}, port {settings.port} "
        f"within {READY_SECONDS:.0f} seconds."
    )


def _comes_true(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _welcome(settings: Settings) -> None:
    url = settings.service_url
    click.echo("Moderation is running; Ctrl-C stops it.")
    click.echo(f"  demo article  {url}/demo")
    click.echo(f"  console       {url}/console")
    click.echo(f"  API           {url}/docs")
    click.echo(f"  demo keys     {settings.data.absolute() / 'demo.json'}")
    if settings.limits is Switch.OFF:
        log.warning("limits_are_off", consequence="anybody may send any number of requests")


def _tie(parent: int | None) -> None:
    if parent is not None:
        stop_with(parent or os.getppid())


def _settings_of_a_part() -> Settings:
    settings = read_settings()
    if not settings.redis_url.get_secret_value():
        raise ConfigurationError(
            [f"{REDIS_VARIABLE}: needed by a part on its own; `moderation run` brings a Valkey"]
        )
    ensure_model(settings)
    return settings


def _note(sentence: str) -> None:
    click.echo(sentence, err=True)


def _report(name: str, reason: str, pause: float) -> None:
    log.warning("child_ended", child=name, how=reason, again_in_seconds=pause)

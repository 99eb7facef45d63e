"""Every setting of the service: its name, unit, default and what it is for.

A setting is read from the environment variable `MODERATION_<NAME>`; docs/configuration.md
lists the same table, and a test compares the two.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from moderation.domain.thread import origin_of
from moderation.errors import ConfigurationError
from moderation.limits import halve

PREFIX = "MODERATION_"
REDIS_SCHEMES = ("redis", "rediss", "unix")
MAIL_SCHEMES = ("smtp", "smtps")
DATABASE_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg")
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 108 with its final NUL


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


class Settings(BaseSettings):
    """The settings, read once and frozen."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the web server listens on.")
    public_url: str = Field(
        "",
        description="Address readers reach the service at, when a proxy stands in front; "
        "empty: http://HOST:PORT.",
    )
    data: Path = Field(
        Path("data"),
        description="Folder of the SQLite file, the models, the signing keys and the embedded "
        "Valkey; created with mode 700.",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="SQLAlchemy URL (sqlite:/// or postgresql+psycopg://); empty: "
        "moderation.sqlite3 in the data folder.",
    )
    database_timeout_ms: int = Field(
        2000, ge=100, le=30000, description="Milliseconds to wait for a locked database."
    )
    redis_url: SecretStr = Field(
        SecretStr(""),
        description="Redis or Valkey (redis://, rediss://, unix://); empty: an embedded Valkey.",
    )
    redis_timeout_ms: int = Field(
        200, ge=10, le=10000, description="Milliseconds to wait for Redis, once, before a pause."
    )
    proxy_hops: int = Field(
        0, ge=0, le=10, description="How many proxies' X-Forwarded-For entries to believe."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(2, description="Web server processes.")
    threads: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="Threads in each web server process."
    )
    limits: Switch = Field(
        Switch.ON, description="Rate limits: on, or off for benchmarks only (a loud warning)."
    )
    api_rate: str = Field(
        "3000 per minute",
        description="How often each token may call the API of moderators and operators, in "
        'Flask-Limiter\'s notation ("50 per second; 3000 per minute").',
    )
    challenge_seconds: int = Field(
        300, ge=10, le=3600, description="Seconds a captcha may be answered for."
    )
    time_zone: str = Field(
        "Europe/Paris",
        description="Time zone of the dates on pages, by its IANA name.",
    )
    claim_seconds: int = Field(
        600,
        ge=10,
        le=86_400,
        description="Seconds a comment stays in a moderator's hands without activity.",
    )
    retrain_every_days: int = Field(
        7,
        ge=0,
        le=3650,
        description="Days after which the worker trains a challenger, if people have decided "
        "anything new; 0: never.",
    )
    retrain_after_labels: int = Field(
        200,
        ge=0,
        le=1_000_000,
        description="New decisions of people after which it does so at once; 0: never.",
    )
    drift_limit: float = Field(
        0.25,
        gt=0,
        le=100,
        allow_inf_nan=False,
        description="Population stability index of a week from which a model counts as drifted.",
    )
    webhook_allow_private: bool = Field(
        False,
        description="Let webhooks lead to addresses that are not public, such as this machine's.",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server (smtp://USER:PASSWORD@HOST:PORT, smtps://); empty: no mail.",
    )
    mail_from: str = Field("moderation@localhost", description="Sender of the mail.")
    digest_hour: int = Field(
        7, ge=0, le=23, description="Hour of the day, in the time zone, at which digests are sent."
    )
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="Least severe log entries to write.",
    )

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError("there is no such time zone") from None
        return name

    @field_validator("api_rate")
    @classmethod
    def _is_rate(cls, rate: str) -> str:
        try:
            halve(rate)
        except ValueError:
            raise ValueError('a rate such as "3000 per minute" is expected') from None
        return rate

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        try:
            return url and f"{origin_of(url)}{urlsplit(url).path.rstrip('/')}"
        except ValueError:
            raise ValueError("an address such as https://comments.example is expected") from None

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: SecretStr) -> SecretStr:
        return _of_scheme(url, REDIS_SCHEMES)

    @field_validator("smtp_url")
    @classmethod
    def _is_mail(cls, url: SecretStr) -> SecretStr:
        try:
            parts = urlsplit(_of_scheme(url, MAIL_SCHEMES).get_secret_value())
            is_usable = not parts.scheme or (parts.hostname and parts.port != 0)
        except ValueError:
            is_usable = False
        if not is_usable:
            raise ValueError("an address such as smtp://mail.example:587 is expected") from None
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, sender: str) -> str:
        name, _, domain = parseaddr(sender)[1].rpartition("@")
        if not (name and domain and sender.isprintable()):
            raise ValueError("an address such as comments@journal.example is expected")
        return sender

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, url: SecretStr) -> SecretStr:
        return _of_scheme(url, DATABASE_SCHEMES)

    @property
    def service_url(self) -> str:
        """Address of the service as readers see it, without a final slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def database_address(self) -> str:
        """SQLAlchemy URL of the database."""
        given = self.database_url.get_secret_value()
        return given or f"sqlite:///{self.data.absolute() / 'moderation.sqlite3'}"

    @property
    def models(self) -> Path:
        """Folder of the model registry."""
        return self.data / "models"

    @property
    def claim_lifetime(self) -> timedelta:
        """How long a comment stays in a moderator's hands without activity."""
        return timedelta(seconds=self.claim_seconds)

    @property
    def challenge_lifetime(self) -> timedelta:
        """How long a captcha may be answered."""
        return timedelta(seconds=self.challenge_seconds)


def _of_scheme(url: SecretStr, schemes: Sequence[str]) -> SecretStr:
    """Return `url` if it is empty or begins with one of `schemes`; never quote it, it is secret."""
    given = url.get_secret_value()
    scheme, found, rest = given.partition("://")
    if given and not (found and rest and scheme in schemes):
        raise ValueError(f"it must begin with {', '.join(f'{name}://' for name in schemes)}")
    return url


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the process, or those in `environment` alone.

    Raises:
        ConfigurationError: with every problem at once, each naming its variable.
    """
    try:
        if environment is None:
            return Settings()
        given = {k.removeprefix(PREFIX).lower(): v for k, v in environment.items()}
        return Settings.model_validate(given)
    except ValidationError as error:
        problems = [
            f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False)
        ]
        raise ConfigurationError(problems) from error

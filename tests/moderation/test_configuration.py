"""Settings: read once, all problems at once, all documented."""

import re
from pathlib import Path

import pytest

from moderation.config import PREFIX, Settings, read_settings
from moderation.errors import ConfigurationError

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_every_setting_is_documented_with_its_default_and_purpose():
    rows = re.findall(r"^\| `(MODERATION_\w+)` \| (.*?) \| (.*?) \|$", DOCUMENT.read_text(), re.M)

    told = {name: (default, purpose) for name, default, purpose in rows}

    assert set(told) == {PREFIX + name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default, purpose = told[PREFIX + name.upper()]
        assert purpose == field.description
        plain = getattr(field.default, "get_secret_value", lambda f=field: f.default)()
        assert default == (f"`{plain}`" if str(plain) else "unset")


def test_the_defaults_work():
    settings = read_settings({})

    assert settings.service_url == "http://127.0.0.1:8000"
    assert settings.database_address.endswith("/data/moderation.sqlite3")
    assert settings.models == Path("data/models")


def test_every_problem_is_told_at_once():
    wrong = {
        "MODERATION_PORT": "http",
        "MODERATION_PUBLIC_URL": "javascript:1",
        "MODERATION_DATABASE_URL": "secret",
        "MODERATION_REDIS_URL": "http://secret",
        "MODERATION_WORKERS": "0",
        "MODERATION_TIME_ZONE": "Mars/Olympus",
    }

    with pytest.raises(ConfigurationError) as refusal:
        read_settings(wrong)

    assert [p.split(":")[0] for p in refusal.value.problems] == list(wrong)
    assert "secret" not in str(refusal.value)
    assert "Value error" not in str(refusal.value)


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("MODERATION_HOST", "::1")
    monkeypatch.setenv("MODERATION_PORT", "8080")

    assert read_settings().service_url == "http://[::1]:8080"


def test_secrets_are_not_shown():
    settings = read_settings({"MODERATION_DATABASE_URL": "postgresql+psycopg://u:secret@h/d"})

    assert "secret" not in repr(settings)
    assert settings.database_address == "postgresql+psycopg://u:secret@h/d"

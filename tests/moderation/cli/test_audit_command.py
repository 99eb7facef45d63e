"""What an operator types about the audit."""

import hashlib
import json
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from moderation.cli import audit as command
from moderation.cli.main import main


@pytest.fixture
def type_in(services, environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*words):
        result = CliRunner().invoke(main, ("audit", *words))
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def decided(remember, rule):
    for _ in range(3):
        rule(remember())


@pytest.fixture
def change(services):
    def run(*statements):
        engine = create_engine(services.settings.database_address)
        with engine.begin() as connection:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_keep_update"))
            connection.execute(text("DROP TRIGGER IF EXISTS audit_keep_delete"))
            connection.execute(text("DROP TRIGGER IF EXISTS decisions_keep_delete"))
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    return run


def test_all_sites_are_checked_and_their_heads_shown(type_in, decided, add_site):
    add_site("écho")

    result = type_in("verify")

    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert re.fullmatch("gazette\t3 entries\t3:[0-9a-f]{64}", first)
    assert second == f"écho\t0 entries\t0:{'0' * 64}"


def test_the_first_entry_that_does_not_fit_is_named(type_in, decided, change, add_site):
    add_site("écho")
    change("UPDATE audit SET line = replace(line, 'Camille', 'Kamille') WHERE number >= 2")

    result = type_in("verify")

    assert result.exit_code == 1
    assert "gazette: Entry 2 has been changed" in result.stderr
    assert "Entry 3" not in result.stderr
    assert result.stdout.startswith("écho")


def test_a_head_noted_before_finds_what_was_cut_off(type_in, decided, change):
    head = type_in("verify", "gazette").stdout.split()[-1]
    assert type_in("verify", "gazette", "--head", head).exit_code == 0
    change(
        "DELETE FROM decisions WHERE id = "
        "(SELECT json_extract(line, '$.id') FROM audit WHERE number = 3)",
        "DELETE FROM audit WHERE number = 3",
    )

    assert type_in("verify", "gazette").exit_code == 0
    cut = type_in("verify", "gazette", "--head", head)

    assert cut.exit_code == 1
    assert "Entry 3, whose hash was noted, is missing." in cut.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("verify", "nobody"), "There is no site named nobody."),
        (("export", "nobody"), "There is no site named nobody."),
        (("verify", "--head", f"3:{'0' * 64}"), "--head needs SITE."),
        (("verify", "gazette", "--head", "3"), "64 hexadecimal digits"),
        (("verify", "gazette", "--head", f"x:{'0' * 64}"), "64 hexadecimal digits"),
    ],
)
def test_what_cannot_be_checked_is_told_in_a_sentence(type_in, site, words, sentence):
    result = type_in(*words)

    assert result.exit_code != 0
    assert sentence in result.stderr


def test_long_chains_show_a_bar_on_standard_error_alone(type_in, decided, monkeypatch):
    monkeypatch.setattr(command, "WORTH_A_BAR", 1)

    result = type_in("verify", "gazette")

    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1


def test_an_export_can_be_checked_with_a_few_lines_of_any_language(type_in, decided):
    lines = type_in("export", "gazette").stdout.splitlines()

    previous = "0" * 64
    for number, line in enumerate(lines, 1):
        told = json.loads(line)
        assert (told["number"], told["previous"]) == (number, previous)
        previous = hashlib.sha256(line.encode()).hexdigest()
    assert len(lines) == 3
    assert type_in("verify", "gazette").stdout.split()[-1] == f"3:{previous}"

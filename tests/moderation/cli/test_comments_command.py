"""`moderation comments seed`: what it makes, and what it refuses."""

import pytest
from click.testing import CliRunner

from moderation.cli.main import main
from moderation.storage.database import Database
from moderation.storage.migrate import migrate


@pytest.fixture
def url(tmp_path, monkeypatch):
    monkeypatch.setenv("MODERATION_DATA", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'moderation.sqlite3'}"
    migrate(url)
    return url


def seed(*arguments):
    return CliRunner().invoke(main, ["comments", "seed", *arguments])


@pytest.mark.parametrize("number", ["0", "-1", "5000001", "many"])
def test_a_number_out_of_bounds_is_refused(url, number):
    result = seed("--", number)

    assert result.exit_code == 2
    assert "Invalid value for 'N'" in result.output


def test_an_unknown_site_is_refused(url):
    result = seed("5", "--site", "nowhere")

    assert result.exit_code == 1
    assert "There is no site named nowhere." in result.output


def test_two_invented_newspapers_are_made_once_and_filled(url):
    first, second = seed("40"), seed("20", "--profile", "newsroom")

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    database = Database(url)
    with database.read() as memory:
        sites = memory.sites.all()
        counted = [sum(memory.counts.of_site(site.id).values()) for site in sites]
    database.close()
    assert [site.name for site in sites] == ["gazette-des-rives", "quayside-post"]
    assert sum(counted) == 60

"""People who sign in to the console."""

import pytest
from desk import Desk, encoded

from moderation.access import passwords
from moderation.domain.key import Role


@pytest.fixture
def sit_down(app, site, let_in, monkeypatch):
    """Sit somebody down at the console: `sit_down(role, name)`."""
    monkeypatch.setattr(passwords, "NOBODYS", encoded())

    def sign_in(role=Role.MODERATOR, name="Camille", where=None):
        where = where or site
        return Desk(app.test_client(), where, let_in(where, role, name))

    return sign_in


@pytest.fixture
def camille(sit_down):
    return sit_down()

"""The page with the figures of the last 30 days."""

import pytest

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role


@pytest.fixture
def path(site):
    return f"/console/{site.key}/statistics"


def test_whoever_may_read_sees_it_and_finds_it_in_the_navigation(come_in, path):
    page = come_in(Role.READER).open(path)

    assert page.status == 200
    assert page.links["Statistiques"] == path


def test_a_site_without_comments_has_no_figures(come_in, path):
    page = come_in(Role.READER).client.get(path).text

    assert "Aucun commentaire n’est arrivé" in page
    assert "<svg" not in page


def test_what_came_in_is_drawn_and_told_in_figures(come_in, path, remember, rule, clock):
    for _ in range(3):
        remember(verdict=Verdict.PUBLISH)
    wrong = remember(verdict=Verdict.PUBLISH)
    clock.move(hours=2, minutes=5)
    rule(wrong, Verdict.REJECT, Reason.SPAM)
    page = come_in(Role.READER).client.get(path).text

    assert "2\u00a0h\u00a005" in page  # until a decision
    assert "100\u00a0%" in page  # of what people looked at was overturned
    assert '<rect class="published"' in page
    assert '<rect class="rejected"' in page
    assert page.count('<svg class="drawing" role="img"') >= 3
    assert "lundi" in page
    assert "Camille" in page


def test_it_speaks_english_too(come_in, path, remember):
    remember()

    page = come_in(Role.READER).client.get(f"{path}?lang=en").text

    assert "Comments a day" in page
    assert "Monday" in page

"""The queue: what is listed, in which order, page by page, and who gets the next comment."""

from datetime import timedelta

import pytest
from desk import link, shown
from places import ARTICLE

from moderation.domain.finding import Finding, Verdict
from moderation.domain.key import Role
from moderation.errors import StoreUnavailable
from moderation.web.console.criteria import Asked, read, read_written
from moderation.web.console.when import ago


def test_the_queue_shows_what_waits_the_oldest_first(camille, remember, clock):
    first = remember("La halle rouvre.")
    clock.move(minutes=1)
    second = remember("Le marché aussi.")
    remember("Publié d’emblée.", Verdict.PUBLISH)

    page = camille.get().text

    assert shown(page) == [first.id, second.id]
    assert "il y a 1\u00a0min" in page
    assert 'class="count">2<' in page


def test_a_page_ends_where_the_next_begins_whatever_arrives_meanwhile(camille, remember, clock):
    sent = []
    for _ in range(70):
        clock.move(seconds=1)
        sent.append(remember().id)

    page, seen = camille.get().text, []
    while page:
        seen += shown(page)
        clock.move(seconds=1)
        remember()
        if len(seen) >= 70:
            break
        page = camille.client.get(link(page, 'rel="next"')).text

    assert len(seen) == len(set(seen))
    assert seen[:70] == sent
    assert "Revenir au début" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "marche"}, ["market"]),
        ({"status": "published"}, ["praise"]),
        ({"status": "all", "author": "Lucie"}, ["praise", "advert", "market"]),
        ({"author": "Nobody"}, []),
        ({"finding": "too_many_links"}, ["advert"]),
        ({"language": "de"}, []),
        ({"since": "2026-11-24"}, []),
        ({"until": "2026-11-23"}, ["market", "advert"]),
        ({"order": "newest"}, ["advert", "market"]),
        ({"order": "score"}, ["advert", "market"]),
        ({"reported": "true"}, []),
        ({"finding": "", "reason": "", "thread": "", "since": ""}, ["market", "advert"]),
        ({"thread": ARTICLE}, ["market", "advert"]),
    ],
)
def test_the_list_is_narrowed_and_ordered(camille, remember, clock, query, found):
    links = (Finding("too_many_links", Verdict.HOLD, {"links": 3, "allowed": 2}),)
    ids = {}
    for name, text, verdict, score, findings in (
        ("market", "Le marché du samedi", Verdict.HOLD, 0.1, ()),
        ("advert", "Trois liens", Verdict.HOLD, 0.9, links),
        ("praise", "Bravo", Verdict.PUBLISH, 0.2, ()),
    ):
        clock.move(minutes=1)
        ids[name] = remember(text, verdict, score=score, findings=findings).id

    page = camille.get(**query).text

    assert shown(page) == [ids[name] for name in found]


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "forged"},
        {"thread": "no address"},
        {"order": "shuffled"},
        {"since": "x"},
        {"until": "9999-12-31"},
    ],
)
def test_what_cannot_be_read_is_told_on_the_page_itself(camille, query):
    reply = camille.get(**query)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert 'name="q"' in reply.text


def test_the_next_comment_is_another_one_for_everybody(camille, sit_down, remember, clock):
    first = remember()
    clock.move(minutes=1)
    second = remember()
    ahmed = sit_down(name="Ahmed")

    ones = camille.follow(camille.post("/queue/next")).text
    others = ahmed.follow(ahmed.post("/queue/next")).text

    assert f"/comments/{first.id}/decisions" in ones
    assert f"/comments/{second.id}/decisions" in others
    assert "Lu en ce moment par Camille" in ahmed.get().text
    assert "Entre vos mains" in camille.get().text


def test_what_is_in_hand_can_be_read_while_the_database_takes_no_changes(
    camille, remember, clock, services, monkeypatch
):
    comment = remember("Une remarque.")
    camille.post("/queue/next")
    clock.move(minutes=5)

    def refuse(database):
        raise StoreUnavailable("database")

    monkeypatch.setattr(type(services.database), "transaction", refuse)
    reply = camille.get(f"/comments/{comment.id}")

    assert reply.status_code == 200
    assert "Rendre à la file" in reply.text


def test_the_next_comment_is_of_the_list_one_looks_at(camille, remember, clock):
    remember("Le plus ancien.")
    clock.move(minutes=1)
    wanted = remember("Une arnaque.")

    reply = camille.post("/queue/next", list="q=arnaque")

    assert wanted.id in reply.headers["Location"]


def test_it_is_said_calmly_that_nothing_waits(camille, sit_down, remember):
    assert "Rien n’attend. Tout a été lu." in camille.follow(camille.post("/queue/next")).text

    remember()
    ahmed = sit_down(name="Ahmed")
    ahmed.post("/queue/next")

    assert "entre les mains d’autres personnes" in camille.follow(camille.post("/queue/next")).text


def test_a_comment_is_given_back(camille, remember):
    comment = remember()
    camille.post("/queue/next")

    reply = camille.post(f"/comments/{comment.id}/release", list="q=remarque")

    assert reply.headers["Location"].endswith("/queue?q=remarque")
    assert "Entre vos mains" not in camille.get().text


def test_texts_that_were_not_published_are_veiled_for_who_prefers_so(camille, remember):
    remember("Un gros mot.")
    remember("Une fleur.", Verdict.PUBLISH)

    camille.post("/queue/veil", veil="on", list="status=all")
    page = camille.get(status="all").text

    assert page.count('<details class="veil">') == 1
    camille.post("/queue/veil", veil="off")
    assert "veil" not in camille.get(status="all").text.replace('name="veil"', "").replace(
        "queue/veil", ""
    )


def test_a_reader_of_the_queue_is_offered_nothing_to_decide(sit_down, remember):
    comment = remember()
    reader = sit_down(Role.READER, "Rachid")

    page = reader.get().text

    assert shown(page) == [comment.id]
    assert "/decisions" not in page
    assert "/queue/next" not in page
    assert reader.post("/queue/next").status_code == 403


def test_somebody_of_another_site_finds_no_queue_here(sit_down, add_site, site):
    stranger = sit_down(name="Ahmed", where=add_site("autre"))

    assert stranger.client.get(f"/console/{site.key}/queue").status_code == 404
    assert stranger.client.get("/console/nowhere/queue").status_code == 404


def test_who_has_no_access_to_a_site_is_told_so_and_not_whether_there_is_one(
    sit_down, add_site, site
):
    stranger = sit_down(name="Ahmed", where=add_site("autre"))

    there, nowhere = (
        stranger.client.get(f"/console/{key}/queue").text for key in (site.key, "nowhere")
    )

    assert "Vous n’avez pas, ou plus, accès" in there
    assert there.replace(site.key, "nowhere") == nowhere
    assert "Il n’y a rien à cette adresse" in stranger.get("/comments/nothing").text


def test_the_queue_speaks_english_too(camille, remember):
    remember()

    page = camille.get(lang="en").text

    assert "Waiting" in page
    assert "Rejeter" not in page


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(seconds=-5), "à l’instant"),
        (timedelta(seconds=59), "à l’instant"),
        (timedelta(minutes=1), "il y a 1\u00a0min"),
        (timedelta(hours=23, minutes=59), "il y a 23\u00a0h"),
        (timedelta(days=1), "il y a 1\u00a0j"),
        (timedelta(days=59), "il y a 59\u00a0j"),
        (timedelta(days=400), "il y a 13\u00a0mois"),
    ],
)
def test_times_are_told_as_people_tell_them(clock, age, told):
    assert ago("fr", clock(), clock() - age) == told


def test_what_is_asked_for_survives_a_form():
    asked = read([("status", "all"), ("q", "a&b = c"), ("since", "2026-11-02"), ("reported", "on")])

    assert read_written(asked.written()) == asked
    assert read_written("status=nothing") == Asked()
    assert read_written("%" * 9000) == Asked()


def test_only_pages_with_keys_may_run_our_script(camille, remember):
    comment = remember()

    queue = camille.get().headers["Content-Security-Policy"]
    one = camille.get(f"/comments/{comment.id}").headers["Content-Security-Policy"]
    account = camille.client.get("/console/account").headers["Content-Security-Policy"]

    assert "script-src 'self'" in queue
    assert queue == one
    assert "unsafe" not in queue
    assert "script-src" not in account

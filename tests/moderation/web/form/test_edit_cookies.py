"""The cookie that says whose comment it is: what it looks like, and what it opens."""

from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Page
from places import ARTICLE, ORIGIN

from moderation.app import create_app
from moderation.domain.site import Policy

BETTER = "J’y étais dès sept heures."
PATHS = ("/form/edit", "/form/delete")


def cookies(reply):
    jar = SimpleCookie()
    for line in reply.headers.getlist("Set-Cookie"):
        jar.load(line)
    return dict(jar)


def test_the_edit_token_is_kept_where_no_script_and_no_other_page_finds_it(post):
    reply = post()

    ((name, cookie),) = cookies(reply).items()
    assert name == f"edit_{parse_qs(urlsplit(reply.headers['Location']).query)['sent'][0]}"
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == ("/form", "Lax", "900")
    assert cookie["httponly"]
    assert not cookie["secure"]  # the service has no certificate of its own
    assert cookie.value not in reply.headers["Location"]


def test_behind_https_the_cookie_travels_by_https_alone(start, environment):
    services = start({**environment, "MODERATION_PUBLIC_URL": "https://paroles.example"})
    with services.database.transaction() as memory:
        site = memory.sites.add("libre", [ORIGIN], "fr", Policy(captcha="never"), services.clock())
    body = {"site": site.key, "thread": ARTICLE, "name": "Lucie", "text": "Bonjour."}

    reply = create_app(services).test_client().post("/form", data=body)

    assert all(cookie["secure"] for cookie in cookies(reply).values())
    assert cookies(reply)


def test_a_site_without_a_window_leaves_no_cookie(add_site, post, show):
    firm = add_site("ferme", edit_window=timedelta(0), comments_per_client="9 per minute")

    reply = post(page=show(site=firm.key))

    assert reply.status_code == 303
    assert not cookies(reply)


def test_a_browser_keeps_the_ten_latest_comments(client, post, clock):
    kept = []
    for n in range(12):
        clock.move(seconds=1)
        reply = post(text=f"Remarque numéro {n}.")
        kept.append(parse_qs(urlsplit(reply.headers["Location"]).query)["sent"][0])

    held = [client.get_cookie(f"edit_{one}", path="/form") is not None for one in kept]

    assert held == [False, False] + [True] * 10


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_token_opens_nothing(sent, app, site, path):
    comment = sent().id
    stranger = app.test_client()

    for token in ("", "edit_", "edit_" + "A" * 32, "%00", "é"):
        stranger.set_cookie(f"edit_{comment}", token, path="/form")
        shown = Page(stranger.get(path, query_string={"comment": comment}))
        tried = stranger.post(path, data={"site": site.key, "comment": comment, "text": BETTER})

        assert shown.status == tried.status_code == 403
        assert "la personne qui l’a écrit" in Page(tried).roles["alert"]


def test_one_comments_token_does_not_open_another(sent, app, client):
    first, second = sent(), sent(text=BETTER)
    stranger = app.test_client()
    token = client.get_cookie(f"edit_{second.id}", path="/form").value
    stranger.set_cookie(f"edit_{first.id}", token, path="/form")

    reply = stranger.post("/form/delete", data={"comment": first.id})

    assert reply.status_code == 403


def test_cookies_that_are_none_of_ours_disturb_nobody(client, show):
    for name in ("edit_", "edit_x", "edit_" + "f" * 8, f"edit_{'f' * 8}-{'f' * 4}-" + "f" * 18):
        client.set_cookie(name, "x", path="/form")
    client.set_cookie(f"edit_ffffffff-ffff-7fff-bfff-{'f' * 12}", "edit_x", path="/form")

    assert show().status == 200

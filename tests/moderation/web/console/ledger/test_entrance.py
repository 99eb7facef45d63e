"""The door of the console: who comes in, where to, with what in hand, and out again."""

from urllib.parse import quote

import pytest
from browsing import Page
from colleagues import EMAIL, PASSWORD, SECRET

from moderation.app import create_app
from moderation.storage.tables.sites import sessions as session_table

ACCOUNT = "/console/account"


@pytest.fixture
def person(add_person, site):
    return add_person(site)


def lifted(reply):
    """The answer's session cookie, by its attributes."""
    (cookie,) = [one for one in reply.headers.getlist("Set-Cookie") if "moderation_session" in one]
    parts = dict(part.strip().partition("=")[::2] for part in cookie.split(";"))
    return {name.lower(): value for name, value in parts.items()}


def test_who_is_not_signed_in_is_led_to_the_door_and_then_where_they_wanted(browser, person):
    turned_away = browser.client.get(f"{ACCOUNT}?done=digest")
    door = browser.open(turned_away.headers["Location"])

    reply = browser.sign_in(then=door.typed("then"))

    assert (turned_away.status_code, reply.status_code) == (303, 303)
    assert reply.headers["Location"] == f"{ACCOUNT}?done=digest"
    assert browser.open(ACCOUNT).status == 200


@pytest.mark.parametrize(
    ("came_from", "led_to"),
    [
        ("http://localhost/console/account?done=digest", f"{ACCOUNT}?done=digest"),
        ("http://localhost/console/sign-out", ACCOUNT),  # no page: the one the form belongs to
        ("http://localhost/consolevil", ACCOUNT),
        ("http://localhost.evil.example/console/models", ACCOUNT),
        ("http://[evil", ACCOUNT),
        (None, ACCOUNT),
    ],
)
def test_whose_session_ended_over_a_form_comes_back_to_its_page(browser, came_from, led_to):
    headers = {"Referer": came_from} if came_from else {}

    turned_away = browser.client.post(f"{ACCOUNT}/password", headers=headers)

    door = browser.open(turned_away.headers["Location"])
    assert turned_away.status_code == 303
    assert door.typed("then") == led_to


def test_who_wanted_nothing_special_is_led_home(browser, person):
    assert browser.sign_in().headers["Location"] == "/console"


def test_who_is_signed_in_does_not_see_the_door(browser, person):
    browser.sign_in()

    assert browser.client.get("/console/sign-in").headers["Location"] == "/console"


def test_who_has_no_site_is_told_so(browser, add_person):
    add_person()
    browser.sign_in()

    page = browser.client.get("/console")

    assert page.status_code == 200
    assert "Aucun site ne vous est confié" in page.text


@pytest.mark.parametrize(
    "then",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/console/",
        "https:evil.example",
        "https:/console/account",
        "javascript:alert(1)",
        quote("//evil.example", safe=""),
        "/%2fevil.example",
        "//[evil",
        "/console/\\evil.example",
        "/console/\r\nLocation: https://evil.example",
        "/consolevil",
        "console/account",
        " /console/account",
        "/console/" + "x" * 500,
    ],
)
def test_the_door_leads_nowhere_else(browser, person, then):
    shown = browser.client.get("/console/sign-in", query_string={"then": then})

    reply = browser.sign_in(then=then)

    assert shown.status_code == 200
    assert "then" not in Page(shown).fields
    assert reply.headers["Location"] == "/console"


@pytest.mark.parametrize("what", [{"password": "wrong"}, {"email": "nobody@gazette.example"}])
def test_a_refusal_says_the_same_for_all_and_keeps_the_address(browser, person, what):
    reply = browser.sign_in(then=ACCOUNT, **what)
    page = Page(reply)

    assert reply.status_code == 403
    assert page.roles["alert"] == "Adresse, mot de passe ou code incorrect."
    assert (page.typed("email"), page.typed("then")) == (what.get("email", EMAIL), ACCOUNT)
    assert page.typed("password") == ""
    assert browser.token == ""


def test_one_time_codes_are_asked_for_where_they_are_on(browser, person, services):
    with services.database.transaction() as transaction:
        transaction.people.change(person.id, totp_secret=SECRET)

    assert browser.sign_in().status_code == 403


def test_the_session_cookie_is_for_the_console_and_for_no_script(browser, person):
    cookie = lifted(browser.sign_in())

    assert cookie["path"] == "/console"
    assert cookie["samesite"] == "Lax"
    assert "httponly" in cookie
    assert cookie["max-age"] == str(7 * 24 * 3600)
    assert "secure" not in cookie  # this service speaks http
    assert "domain" not in cookie


def test_behind_https_the_session_cookie_goes_nowhere_else(start, environment, clock, encoded):
    services = start({**environment, "MODERATION_PUBLIC_URL": "https://moderation.example"})
    with services.database.transaction() as transaction:
        transaction.people.add(EMAIL, "Camille", encoded, clock())
    client = create_app(services).test_client()

    form, origin = {"email": EMAIL, "password": PASSWORD}, "https://moderation.example"
    reply = client.post("/console/sign-in", data=form, headers={"Origin": origin})

    assert reply.status_code == 303
    assert "secure" in lifted(reply)


def test_nobody_chooses_the_token_of_anothers_session(browser, person):
    browser.client.set_cookie("moderation_session", "chosen-before", path="/console")

    browser.sign_in()

    assert len(browser.token) >= 43
    assert browser.token != "chosen-before"


@pytest.mark.parametrize("token", ["", "unknown", "x" * 2000, "\u00e9", "%00"])
def test_a_token_that_is_none_is_led_to_the_door_and_taken_back(browser, person, token):
    browser.client.set_cookie("moderation_session", token, path="/console")

    reply = browser.client.get(ACCOUNT)

    assert reply.status_code == 303
    assert reply.headers["Location"].startswith("/console/sign-in?")
    assert browser.token == ""


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
def test_another_sites_page_cannot_sign_anybody_in(browser, person, origin):
    form = {"email": EMAIL, "password": PASSWORD}

    reply = browser.client.post("/console/sign-in", data=form, headers={"Origin": origin})

    assert reply.status_code == 403
    assert browser.token == ""


@pytest.mark.parametrize("origin", ["http://localhost", "http://127.0.0.1:8000"])
def test_our_own_page_can(browser, person, origin):
    form = {"email": EMAIL, "password": PASSWORD}

    reply = browser.client.post("/console/sign-in", data=form, headers={"Origin": origin})

    assert reply.status_code == 303


def test_what_is_no_form_is_refused(browser, person):
    reply = browser.client.post("/console/sign-in", json={"email": EMAIL, "password": PASSWORD})

    assert reply.status_code == 415
    assert reply.mimetype == "text/html"


def test_signing_out_ends_the_session_in_the_database_too(browser, person, services, clock):
    browser.sign_in()
    token = browser.token

    reply = browser.send("/console/sign-out")

    browser.client.set_cookie("moderation_session", token, path="/console")
    assert reply.headers["Location"] == "/console/sign-in"
    assert lifted(reply)["max-age"] == "0"
    assert browser.client.get(ACCOUNT).status_code == 303
    with services.database.transaction() as transaction:
        rows = transaction._connection.execute(session_table.select()).all()
    assert rows == []


def test_half_a_day_without_a_click_ends_the_session(browser, person, clock):
    browser.sign_in()
    clock.move(hours=11)
    stayed = browser.client.get(ACCOUNT).status_code
    clock.move(hours=12)

    assert stayed == 200
    assert browser.client.get(ACCOUNT).status_code == 303


def test_a_week_ends_it_whatever_is_clicked(browser, person, clock):
    browser.sign_in()
    for _ in range(16):
        clock.move(hours=10)
        assert browser.client.get(ACCOUNT).status_code == 200

    clock.move(hours=8)

    assert browser.client.get(ACCOUNT).status_code == 303


def test_a_form_sent_after_the_session_leads_to_the_door(browser, person, clock):
    browser.sign_in()
    csrf = browser.csrf
    clock.move(days=1)

    reply = browser.client.post("/console/account/digest", data={"csrf": csrf})

    led_to = "/console/sign-in?then=/console/account"
    assert (reply.status_code, reply.headers["Location"]) == (303, led_to)


def test_a_new_password_ends_the_sessions_of_other_browsers(browser, another_browser, person):
    browser.sign_in()
    another_browser.sign_in()
    wanted = "une autre phrase convenable"

    reply = browser.send(
        "/console/account/password", present=PASSWORD, password=wanted, again=wanted
    )

    assert reply.headers["Location"] == f"{ACCOUNT}?done=password"
    assert browser.client.get(ACCOUNT).status_code == 200
    assert another_browser.client.get(ACCOUNT).status_code == 303
    assert another_browser.sign_in().status_code == 403
    assert another_browser.sign_in(password=wanted).status_code == 303


def test_a_key_that_no_app_can_have_starts_no_codes(browser, person):
    browser.sign_in()

    reply = browser.send("/console/account/codes", secret="0" * 32, code="000000")

    assert reply.status_code == 422


def test_the_language_is_the_browsers_until_another_is_asked_for(browser, person):
    english = browser.client.get("/console/sign-in", headers={"Accept-Language": "en"})
    french = browser.client.get("/console/sign-in?lang=fr", headers={"Accept-Language": "en"})
    browser.sign_in()
    later = browser.client.get(ACCOUNT, headers={"Accept-Language": "en"})
    other = browser.client.get("/console/sign-in?lang=de", headers={"Accept-Language": "fr"})

    assert '<html lang="en">' in english.text
    assert '<html lang="fr">' in french.text
    assert '<html lang="fr">' in later.text
    assert other.status_code == 302


def test_the_sign_in_page_makes_the_browser_forget_the_pages_before(browser):
    page = browser.open("/console/sign-in")

    (picture,) = (found["src"] for tag, found in page.tags if tag == "img")
    assert browser.client.get(picture).headers["Clear-Site-Data"] == '"cache"'
    from_elsewhere = browser.client.get(picture, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Clear-Site-Data" not in from_elsewhere.headers


def test_a_page_that_is_not_there_is_a_page(browser, person):
    browser.sign_in()

    reply = browser.client.get("/console/nothing-here")

    assert reply.status_code == 404
    assert reply.mimetype == "text/html"


def test_pages_of_the_console_are_kept_by_nobody_else(browser, person):
    browser.sign_in()

    page = browser.open(ACCOUNT)

    assert page.headers["Cache-Control"] == "private, no-cache"
    assert page.headers["Vary"] == "Cookie"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "script-src" not in page.headers["Content-Security-Policy"]

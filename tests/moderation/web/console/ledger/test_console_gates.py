"""What holds for every page of the console, also for those that are yet to be written."""

import pytest

from moderation.domain.key import Role

OPEN = {"console_entrance.show", "console_entrance.come_in", "console_entrance.forget"}
VALUES = {"site_key": "KEY", "comment_id": "01936f2e-0000-7000-8000-000000000000"}


def rules(app, method):
    """The console's addresses that take a method, each with its values filled in."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if str(rule).startswith("/console") and method in rule.methods:
                values = {name: VALUES.get(name, "1") for name in rule.arguments}
                yield rule.endpoint, adapter.build(rule.endpoint, values, method=method)


@pytest.fixture
def filled(site):
    """Put the site's key into an address."""
    return lambda path: path.replace("KEY", site.key)


def test_there_are_pages_to_look_at(app):
    assert len(list(rules(app, "POST"))) >= 6
    assert len(list(rules(app, "GET"))) >= 3


def test_nobody_sees_a_page_without_signing_in(app, client, filled):
    for endpoint, path in rules(app, "GET"):
        if endpoint not in OPEN:
            reply = client.get(filled(path))

            assert reply.status_code == 303, path
            assert reply.headers["Location"].startswith("/console/sign-in"), path


def test_nobody_sends_a_form_without_signing_in(app, client, filled):
    for endpoint, path in rules(app, "POST"):
        if endpoint not in OPEN:
            reply = client.post(filled(path), data={"csrf": "x"})

            place, _, then = reply.headers["Location"].partition("?then=")
            assert (reply.status_code, place) == (303, "/console/sign-in"), path
            assert not then or filled(path).startswith(then)


@pytest.mark.parametrize("csrf", [None, "", "wrong", "é", "0" * 64])
def test_a_form_that_does_not_prove_to_be_ours_is_refused(app, come_in, filled, csrf):
    browser = come_in(Role.OPERATOR)

    for endpoint, path in rules(app, "POST"):
        if endpoint not in OPEN:
            form = {"present": "x"} if csrf is None else {"csrf": csrf}
            reply = browser.client.post(filled(path), data=form)

            assert reply.status_code == 403, path
            assert reply.mimetype == "text/html", path


def test_a_proof_is_good_for_its_own_session_alone(app, come_in, another_browser, filled):
    browser = come_in(Role.OPERATOR)
    another_browser.sign_in()
    foreign = another_browser.csrf

    for endpoint, path in rules(app, "POST"):
        if endpoint not in OPEN:
            reply = browser.client.post(filled(path), data={"csrf": foreign})

            assert reply.status_code == 403, path


def test_what_is_no_form_changes_nothing_even_with_a_proof(app, come_in, filled):
    browser = come_in(Role.OPERATOR)
    csrf = browser.csrf

    for endpoint, path in rules(app, "POST"):
        if endpoint not in OPEN:
            reply = browser.client.post(filled(path), json={"csrf": csrf})

            assert reply.status_code == 415, path


def test_another_site_is_not_there_for_who_has_no_role_on_it(app, come_in, add_site):
    browser, other = come_in(Role.OPERATOR), add_site("other")
    csrf = browser.csrf

    for method in ("GET", "POST"):
        for _, path in rules(app, method):
            for key in (other.key, "no-such-site"):
                if "KEY" in path:
                    place = path.replace("KEY", key)
                    reply = browser.client.open(place, method=method, data={"csrf": csrf})

                    assert reply.status_code == 404, place


def test_a_role_that_is_taken_back_is_gone_at_once(app, come_in, filled, services, site, clock):
    browser = come_in(Role.OPERATOR)
    with services.database.transaction() as transaction:
        ((person, _),) = transaction.people.of_site(site.id)
        (key,) = transaction.keys.of_person(person.id)
        transaction.keys.revoke(key.id, site.id, clock())

    for _, path in rules(app, "GET"):
        if "KEY" in path:
            assert browser.client.get(filled(path)).status_code == 404, path


def test_every_page_of_the_site_answers_whatever_is_asked_of_it(app, come_in, filled):
    browser = come_in(Role.OPERATOR)

    for _, path in rules(app, "GET"):
        if "KEY" in path:
            for query in ("", "?cursor=x", "?page=%00", "?lang=en&kind=%F0%9F%98%80"):
                reply = browser.client.get(filled(path) + query)

                assert reply.status_code < 500, path + query

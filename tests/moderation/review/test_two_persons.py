"""The two-person rule counts people, not keys: another role makes nobody another person."""

import pytest

from moderation.domain.decision import Reason
from moderation.domain.finding import Verdict
from moderation.domain.key import Role
from moderation.errors import SecondPersonNeeded
from moderation.review.decide import Ruling, decide


@pytest.fixture
def site(add_site):
    return add_site(two_person_rule=True)


@pytest.fixture
def grant(services, clock, site):
    """Give a person a role on the site, in place of the one they have: returns their key."""

    def give(email, role):
        with services.database.transaction() as memory:
            person = memory.people.by_email(email).person
            for key in memory.keys.of_person(person.id):
                memory.keys.revoke(key.id, site.id, clock())
            memory.keys.add(site, role, person.name, clock(), person_id=person.id)
            return memory.keys.of_person(person.id)[0]

    return give


@pytest.fixture
def reject(services, clock):
    """Reject a comment as illegal; returns it as it stands then."""

    def send(comment_id, key, version):
        ruling = Ruling(Verdict.REJECT, Reason.ILLEGAL_CONTENT, "", version)
        return decide(comment_id, ruling, key, services.database, clock())[1]

    return send


def test_who_has_another_role_meanwhile_does_not_confirm_their_own_proposal(
    send, challenge, site, let_in, grant, reject
):
    comment = send(captcha=challenge()).json["id"]
    camille, zoe = let_in(site), let_in(site, name="Zoe")

    proposed = reject(comment, grant(camille, Role.MODERATOR), 1)
    with pytest.raises(SecondPersonNeeded):
        reject(comment, grant(camille, Role.LEAD), proposed.version)
    confirmed = reject(comment, grant(zoe, Role.MODERATOR), proposed.version)

    assert (proposed.status, confirmed.status) == ("held", "rejected")


def test_who_agrees_with_two_others_does_not_open_it_again(
    send, challenge, site, let_in, grant, reject
):
    comment = send(captcha=challenge()).json["id"]
    camille, zoe, noor = (let_in(site, name=name) for name in ("Camille", "Zoe", "Noor"))
    keys = [grant(email, Role.LEAD) for email in (camille, zoe)]
    version = 1
    for key in keys:
        version = reject(comment, key, version).version

    for key in (*keys, grant(noor, Role.LEAD)):
        after = reject(comment, key, version)
        assert after.status == "rejected"
        version = after.version

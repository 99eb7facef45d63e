"""Mail over TLS: encrypted where it is offered, a password only to who proves their name."""

from urllib.parse import urlsplit

import pytest
import trustme
from postbox import Postbox

from moderation.errors import StoreUnavailable
from moderation.mail import Letter, Mail

LETTER = Letter("camille@journal.example", "Bonjour", "Rien de neuf.", "fr")
PASSWORD = "s3cret"


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """The one authority that this machine trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    return made


@pytest.fixture
def proven(authority):
    return authority.issue_cert("127.0.0.1")


@pytest.fixture
def unproven():
    return trustme.CA().issue_cert("127.0.0.1")


@pytest.fixture
def misnamed(authority):
    return authority.issue_cert("mail.elsewhere.example")


@pytest.fixture
def opened():
    """Open a mail server: `opened(certificate=…)`."""
    boxes = []

    def make(**options):
        boxes.append(Postbox(**options))
        return boxes[-1]

    yield make
    for box in boxes:
        box.close()


@pytest.fixture
def send(clock):
    def send_one(box, password=""):
        url = urlsplit(box.url)
        login = f"moderation:{password}@" if password else ""
        mail = Mail(f"{url.scheme}://{login}{url.netloc}", "comments@journal.example")
        mail.send(LETTER, clock())

    return send_one


@pytest.mark.parametrize("from_the_start", [False, True])
def test_a_server_that_proves_its_name_is_told_the_password(opened, send, proven, from_the_start):
    box = opened(password=PASSWORD, certificate=proven, from_the_start=from_the_start)

    send(box, PASSWORD)

    assert box.signed_in == [("moderation", True)]
    assert box.encrypted == [True]
    assert box.mail[0][0].rcpt_tos == [LETTER.to]


@pytest.mark.parametrize("from_the_start", [False, True])
@pytest.mark.parametrize("certificate", ["unproven", "misnamed"])
def test_a_server_that_does_not_is_told_nothing(
    request, opened, send, authority, certificate, from_the_start
):
    certificate = request.getfixturevalue(certificate)
    box = opened(password=PASSWORD, certificate=certificate, from_the_start=from_the_start)

    with pytest.raises(StoreUnavailable):
        send(box, PASSWORD)

    assert (box.signed_in, box.mail) == ([], [])


def test_without_a_password_any_encryption_is_better_than_none(opened, send, authority, unproven):
    box = opened(certificate=unproven)

    send(box)

    assert box.encrypted == [True]


def test_a_server_without_encryption_gets_the_mail_all_the_same(opened, send):
    box = opened()

    send(box)

    assert box.encrypted == [False]

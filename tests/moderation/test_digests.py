"""Digests by e-mail, through a real mail server: once a day, and only where there is news."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from postbox import Postbox
from running import free_port
from structlog.testing import capture_logs

from moderation import worker
from moderation.digests import Edition, send_digests
from moderation.domain.audit import Kind, Note
from moderation.domain.digest import Recipient
from moderation.errors import StoreUnavailable
from moderation.mail import Letter, Mail
from moderation.storage.digests import Digests
from moderation.storage.marks import Marks

EDITION = Edition(ZoneInfo("Europe/Paris"), 7, "https://comments.example/console")
SENDER = "Modération <moderation@comments.example>"


@pytest.fixture
def postbox():
    opened = Postbox()
    yield opened
    opened.close()


@pytest.fixture
def recipient(site):
    return Recipient(1, "camille@journal.example", site.id, "L’Écho d’Aubrelle", "fr-BE")


@pytest.fixture
def wanted(recipient, monkeypatch):
    """Who wants a digest: a list to be changed."""
    people = [recipient]
    monkeypatch.setattr(Digests, "recipients", lambda self, now: tuple(people))
    return people


@pytest.fixture
def send(services, postbox, clock, wanted):
    def send_now(url=postbox.url):
        return send_digests(services.database, Mail(url, SENDER), EDITION, clock())

    return send_now


def test_a_digest_says_what_waits_in_the_language_of_the_site(
    send, postbox, remember, site, services, clock
):
    remember()
    clock.move(hours=1)
    remember()
    with services.database.transaction() as transaction:
        transaction.audit.append(site.id, Note(Kind.KEY, "Zoé", None, clock(), {"n": 1}))
        last = transaction.audit.last(site.id)

    assert send() == 1

    ((envelope, message),) = postbox.mail
    assert envelope.rcpt_tos == ["camille@journal.example"]
    assert message["To"] == "camille@journal.example"
    assert message["From"] == SENDER
    assert message["Subject"] == "L’Écho d’Aubrelle – modération du 23 novembre 2026"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert message["Date"]
    assert message["Message-ID"].endswith("@comments.example>")
    assert message.get_content_type() == "text/plain"
    text = message.get_content().replace("\r\n", "\n")
    assert "Commentaires en attente d’une décision\u00a0: 2\n" in text
    assert "Le plus ancien a été reçu le 23 novembre 2026 à 13\u00a0h\u00a000.\n" in text
    assert "Signalements de contenu illégal\u00a0: 0\n" in text
    assert "Décisions prises hier\u00a0: 0\n" in text
    assert "https://comments.example/console\n" in text
    assert f"n°\u00a01, empreinte\n{last.hash}\n" in text
    assert "Remarque" not in text


def test_an_english_site_is_told_in_english(send, postbox, remember, wanted):
    wanted[0] = replace(wanted[0], locale="de")
    remember()

    send()

    ((_, message),) = postbox.mail
    assert message["Subject"] == "L’Écho d’Aubrelle – moderation on 23 November 2026"
    assert "Comments waiting for a decision: 1\r\n" in message.get_content()
    assert "audit" not in message.get_content()


def test_a_digest_is_sent_once_a_day_from_its_hour_on(send, postbox, remember, clock):
    remember()
    clock.now = clock.now.replace(hour=5, minute=59)  # 6.59 in Paris
    assert send() == 0
    clock.move(minutes=1)

    sent = [send(), send()]
    clock.move(hours=17)  # past midnight
    sent.append(send())
    clock.move(hours=7)
    sent.append(send())

    assert sent == [1, 0, 0, 1]
    assert len(postbox.mail) == 2


def test_two_workers_send_one(send, postbox, remember, monkeypatch):
    remember()
    claim, claimed = Marks.claim, []

    def claim_after_another(self, name, value):
        claimed.append(claim(self, name, value))
        return claim(self, name, value)

    monkeypatch.setattr(Marks, "claim", claim_after_another)

    assert send() == 0
    assert claimed == [True]
    assert postbox.mail == []


def test_who_has_nothing_to_be_told_is_not_written_to(send, postbox, remember):
    assert send() == 0
    remember()

    assert send() == 0
    assert postbox.mail == []


def test_a_mail_server_that_is_away_is_tried_in_the_next_round(send, postbox, remember, services):
    remember()

    with pytest.raises(StoreUnavailable, match="mail"):
        send(f"smtp://127.0.0.1:{free_port()}")

    assert send() == 1
    assert len(postbox.mail) == 1


def test_who_cannot_take_it_now_gets_it_later(send, postbox, remember, recipient):
    remember()
    postbox.refusals[recipient.email] = "451 not now"
    with pytest.raises(StoreUnavailable):
        send()

    postbox.refusals.clear()

    assert send() == 1


def test_who_never_takes_it_is_not_asked_again_and_holds_up_nobody(
    send, postbox, remember, wanted, recipient
):
    wanted.append(replace(recipient, person_id=2, email="zoe@journal.example"))
    postbox.refusals[recipient.email] = "550 no such person"
    remember()

    with capture_logs() as logs:
        sent = [send(), send()]

    assert sent == [1, 0]
    assert [envelope.rcpt_tos for envelope, _ in postbox.mail] == [["zoe@journal.example"]]
    assert [(entry["event"], entry["person"]) for entry in logs] == [("digest_refused", 1)]
    assert "journal.example" not in str(logs)


@pytest.mark.parametrize(
    "email",
    ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "", "nobody", "a\n@b.example"],
)
def test_an_address_that_is_none_is_never_written_to(send, postbox, remember, wanted, email):
    wanted[0] = replace(wanted[0], email=email)
    remember()

    with capture_logs() as logs:
        assert send() == 0

    assert [entry["event"] for entry in logs] == ["digest_refused"]
    assert postbox.mail == []


def test_a_name_of_a_site_puts_nothing_into_the_headers(send, postbox, remember, wanted):
    name = "L’Écho\r\nBcc: c@d.example\r\n\r\nBonjour" + " très" * 60
    wanted[0] = replace(wanted[0], site_name=name)
    remember()

    send()

    ((envelope, message),) = postbox.mail
    assert message["Bcc"] is None
    assert envelope.rcpt_tos == ["camille@journal.example"]
    assert message["Subject"].startswith("L’Écho Bcc: c@d.example Bonjour très")


def test_the_server_is_shown_the_password(remember, services, wanted, clock):
    box = Postbox(password="pass:word")
    url = box.url.replace("//", "//moderation:pass%3Aword@")
    remember()

    sent = send_digests(services.database, Mail(url, SENDER), EDITION, clock())

    box.close()
    assert sent == 1
    assert box.signed_in == [("moderation", True)]


def test_a_wrong_password_is_the_servers_absence(remember, services, wanted, clock):
    box = Postbox(password="another")
    url = box.url.replace("//", "//moderation:secret@")
    remember()

    with pytest.raises(StoreUnavailable) as refusal:
        send_digests(services.database, Mail(url, SENDER), EDITION, clock())

    box.close()
    assert "secret" not in str(refusal.value)
    assert box.mail == []


def test_a_password_never_goes_over_the_network_in_the_clear(postbox, monkeypatch, clock):
    monkeypatch.setattr("moderation.mail._is_here", lambda host: False)
    mail = Mail(postbox.url.replace("//", "//moderation:secret@"), SENDER)

    with pytest.raises(StoreUnavailable):
        mail.send(Letter("camille@journal.example", "Essai", "Bonjour", "fr"), clock())

    assert postbox.mail == []


def test_without_a_mail_server_nothing_is_sent(services):
    assert worker.send_what_is_due(services) == 0


def test_the_worker_sends_by_the_settings(start, environment, postbox, wanted, remember):
    environment = environment | {
        "MODERATION_SMTP_URL": postbox.url,
        "MODERATION_MAIL_FROM": "moderation@comments.example",
        "MODERATION_DIGEST_HOUR": "13",
        "MODERATION_PUBLIC_URL": "https://comments.example",
    }
    remember()

    assert worker.send_what_is_due(start(environment)) == 1

    ((_, message),) = postbox.mail
    assert message["From"] == "moderation@comments.example"
    assert "https://comments.example/console" in message.get_content()

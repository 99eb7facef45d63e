"""The transport calls public addresses only, waits for nobody for ever, and reads little."""

import ssl
from threading import Event, Thread

import pytest
from receiving import Mumbler, Receiver

from moderation.webhooks import transport as sending
from moderation.webhooks.addresses import Addresses, is_public
from moderation.webhooks.transport import Answer, Transport

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "192.0.2.1",
    "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "fec0::1",
    "ff02::1", "ff0e::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "nonsense", "",
]  # fmt: skip
PUBLIC = [
    "93.184.216.34",
    "2606:2800:220:1::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


class Names:
    """A name server that gives one answer after the other, and the last one for ever."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, host, port):
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


def post(url, names=None, allow_private=False, **other):
    addresses = Addresses(names, allow_private) if names else Addresses(allow_private=allow_private)
    return Transport(addresses, **other).post(url, {}, b"{}")


@pytest.mark.parametrize("address", PRIVATE)
def test_what_not_everybody_can_reach_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_everybody_can_reach_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_no_spelling_of_this_machine_is_called(host, receiver):
    answer = post(f"http://{host}:{receiver.port}/")

    assert answer == Answer(None, "address_refused")
    assert receiver.got == []


def test_a_name_that_leads_here_is_not_called(receiver):
    answer = post(f"http://hooks.example:{receiver.port}/", Names(["127.0.0.1"]))

    assert answer.error == "address_refused"
    assert receiver.got == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver):
    names = Names(["93.184.216.34", "127.0.0.1"])

    assert post(f"http://hooks.example:{receiver.port}/", names).error == "address_refused"


def test_a_name_that_changes_its_mind_is_asked_once(receiver, monkeypatch):
    names = Names(["93.184.216.34"], ["127.0.0.1"])
    called = []

    def connect(self, host, *_):
        called.append(host)
        raise sending.httpcore.ConnectTimeout

    monkeypatch.setattr(sending.httpcore.SyncBackend, "connect_tcp", connect)

    answer = post(f"http://hooks.example:{receiver.port}/", names)

    assert answer.error == "timed_out"
    assert names.asked == ["hooks.example"]
    assert called == ["93.184.216.34"]


def test_a_name_that_is_private_the_next_time_is_refused_then(receiver):
    names = Names(["127.0.0.1"])

    assert post(f"http://h.example:{receiver.port}/", names, allow_private=True).status_code == 200
    assert post(f"http://h.example:{receiver.port}/", names).error == "address_refused"


def test_the_name_itself_is_what_the_receiver_is_asked_for(receiver):
    answer = post(f"http://hooks.example:{receiver.port}/a?b=c", Names(["127.0.0.1"]), True)

    assert answer.status_code == 200
    assert receiver.got[0][0]["Host"] == f"hooks.example:{receiver.port}"


def test_the_next_address_is_tried_where_one_does_not_answer(receiver):
    names = Names(["127.0.0.2", "127.0.0.1"])

    assert post(f"http://hooks.example:{receiver.port}/", names, True).status_code == 200


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("too long")])
def test_a_name_nobody_knows_is_not_connected(error):
    assert post("http://nowhere.example/", Names(error)) == Answer(None, "not_connected")


def test_who_does_not_prove_their_name_is_not_told(receiver):
    answer = post(f"https://hooks.example:{receiver.port}/", Names(["127.0.0.1"]), True)

    assert answer.error == "tls_failed"
    assert receiver.got == []


def test_certificates_are_verified_for_the_name():
    context = Transport(Addresses())._tls

    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_no_proxy_of_the_environment_is_used(receiver, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert post(receiver.url, allow_private=True).status_code == 200


def test_the_body_of_an_answer_is_not_waited_for():
    mumbler = Mumbler(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", pause=10)

    assert post(mumbler.url, allow_private=True).status_code == 200
    mumbler.close()


def test_an_answer_without_end_is_cut():
    mumbler = Mumbler(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 500 + b"\r\n")

    answer = post(mumbler.url, allow_private=True)

    mumbler.close()
    assert answer.error in ("broken_off", "not_http")


def test_what_is_not_http_is_said_to_be_none():
    mumbler = Mumbler(b"220 mail.example ESMTP\r\n\r\n", pause=10)

    assert post(mumbler.url, allow_private=True).error == "not_http"
    mumbler.close()


def test_who_dribbles_is_given_up_after_half_a_minute():
    mumbler = Mumbler(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause=0.001)
    moments = iter(range(0, 10_000, 5))  # five seconds pass whenever the transport looks

    answer = post(mumbler.url, allow_private=True, monotonic=lambda: next(moments))

    mumbler.close()
    assert answer.error == "timed_out"
    assert next(moments) <= sending.WHOLE_SECONDS + 15


def test_whoever_waits_stops_waiting_when_the_worker_stops(receiver):
    transport = Transport(Addresses(allow_private=True))
    receiver.answer(0)
    answers, looked = [], Event()
    waiting = Thread(target=lambda: answers.append(transport.post(receiver.url, {}, b"{}")))
    waiting.start()
    while not receiver.got and not looked.wait(0.01):
        pass

    transport.hang_up()
    waiting.join(5)

    assert not waiting.is_alive()
    assert answers[0].status_code is None

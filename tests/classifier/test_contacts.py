"""What counting contacts promises: every way out is seen, and nothing else is taken for one."""

import pytest

from classifier.contacts import LINK, count_phones, open_addresses


@pytest.mark.parametrize(
    ("address", "read_as"),
    [
        ("https://www.offre.example/bonus", f"offre{LINK}/bonus"),
        ("http://offre.example", f"offre{LINK}"),
        ("www.offre.fr.", f"offre{LINK}."),
        ("offre.com", f"offre{LINK}"),
        ("(offre.com)", f"(offre{LINK})"),
        ("https://offre.museum", f"offre{LINK}"),
    ],
)
def test_an_address_keeps_its_name_and_loses_scheme_and_ending(address, read_as):
    word, contacts = open_addresses(address)

    assert (word, contacts.links) == (read_as, 1)


def test_a_mail_address_is_not_a_link():
    word, contacts = open_addresses("jean.dupont@offre.example")

    assert word == f"jean.dupont@offre{LINK}"
    assert (contacts.links, contacts.emails) == (0, 1)


@pytest.mark.parametrize("word", ["fin.comme", "@lecteur", "://", "www.", "3.50", "s.n.c.f."])
def test_what_only_looks_like_an_address_is_left_alone(word):
    kept, contacts = open_addresses(word)

    assert kept == word
    assert contacts.links == contacts.emails == 0


def test_an_address_without_a_scheme_and_a_shortener_are_told():
    contacts = open_addresses("bit.ly/abc")[1]

    assert (contacts.links, contacts.bare, contacts.shorteners) == (1, 1, 1)


@pytest.mark.parametrize("word", ["whatsapp", "wattsapp", "telegram", "snapchat:"])
def test_a_messenger_is_known_by_its_name(word):
    assert open_addresses(word)[1].messengers == 1


@pytest.mark.parametrize("word", ["arobase", "(at)", "[point]", "gmail"])
def test_an_address_spelled_out_is_seen(word):
    assert open_addresses(word)[1].spelled == 1


@pytest.mark.parametrize(
    "text", ["06 39 98 12 34", "+33 6 39 98 12 34", "appelez le 0639981234 vite", "02.61.91.00.00"]
)
def test_a_telephone_number_is_seen(text):
    assert count_phones(text) == 1


@pytest.mark.parametrize("text", ["12/05/2026", "10 000 euros", "en 2025 et 2026", "1 234 567,89"])
def test_dates_and_sums_are_no_telephone_numbers(text):
    assert count_phones(text) == 0

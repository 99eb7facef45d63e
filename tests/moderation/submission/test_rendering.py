"""What readers see of a text: everything they wrote, nothing that runs."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.submission.rendering import render

ALLOWED = {"p": set(), "br": set(), "a": {"href", "rel"}}


class Reader(HTMLParser):
    """Collects the text a browser would show, and every tag and attribute."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def links(html):
    return [attributes["href"] for tag, attributes in Reader(html).tags if tag == "a"]


def test_blank_lines_make_paragraphs_and_line_ends_make_breaks():
    assert render("un\ndeux\n\n\ntrois") == "<p>un<br>deux</p><p>trois</p>"


def test_a_link_lends_no_reputation():
    assert render("voir https://a.example/b?c=1&d=2.") == (
        '<p>voir <a href="https://a.example/b?c=1&amp;d=2" rel="nofollow ugc noopener">'
        "https://a.example/b?c=1&amp;d=2</a>.</p>"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(https://a.example/b)", ["https://a.example/b"]),
        ("https://fr.a.example/wiki/Halle_(marché)", ["https://fr.a.example/wiki/Halle_(marché)"]),
        ("« https://a.example »", ["https://a.example"]),
        ("javascript:alert(1)", []),
        ("https://", []),
        ("http://[", []),
        ("data:text/html,x", []),
    ],
)
def test_only_the_address_itself_is_linked(text, expected):
    assert links(render(text)) == expected


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        'https://a.example/"onmouseover="alert(1)',
        "https://a.example/'><script>",
        "https://a.example/\u2028<svg onload=alert(1)>",
        "</p></div><!-- ",
        "&lt;script&gt; &#60;b&#62;",
    ],
)
def test_html_is_shown_never_run(attack):
    read = Reader(render(attack))

    assert read.text.replace("\n", "") == attack.replace("\n", "")
    assert {tag for tag, _ in read.tags} <= {"p", "a", "br"}


@given(st.text(max_size=300))
def test_whatever_is_written_only_harmless_html_comes_out(text):
    read = Reader(render(text))

    for tag, attributes in read.tags:
        assert set(attributes) <= ALLOWED[tag]
        assert attributes.get("href", "https:").lower().startswith(("http:", "https:"))

"""Safe HTML of a comment's plain text: paragraphs, line breaks and links, nothing else."""

import re
from html import escape
from urllib.parse import urlsplit

LINK = re.compile(r"https?://[^\s<>\"'`\\^{}|\x00-\x20\x7f]{1,1000}", re.IGNORECASE)
TRAILING = ".,;:!?…)]}»”’*_~"
REL = "nofollow ugc noopener"


def render(text: str) -> str:
    """Return `text` as HTML.

    Everything the reader wrote is escaped, never stripped. A blank line ends a paragraph, a
    line end becomes `<br>`, and http(s) addresses become links that lend no reputation.
    """
    paragraphs = (part.strip("\n") for part in re.split(r"\n[^\S\n]*\n", text))
    return "".join(f"<p>{_lines(part)}</p>" for part in paragraphs if part.strip())


def _lines(paragraph: str) -> str:
    return "<br>".join(_inline(line) for line in paragraph.split("\n"))


def _inline(line: str) -> str:
    pieces, position = [], 0
    for match in LINK.finditer(line):
        address = _trim(match.group())
        if not _is_link(address):
            continue
        pieces.append(escape(line[position : match.start()]))
        shown = escape(address)
        pieces.append(f'<a href="{shown}" rel="{REL}">{shown}</a>')
        position = match.start() + len(address)
    return "".join(pieces) + escape(line[position:])


def _trim(address: str) -> str:
    """Leave the punctuation of the sentence outside, but keep a bracket that was opened inside."""
    while address and address[-1] in TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _is_link(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False

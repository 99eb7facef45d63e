"""Names are what people see of them."""

import pytest

from moderation.domain.name import has_ink, seen


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\u202eeliM", "eliM"), ("\u2066Lucie\u2069", "Lucie"), ("Lucie\u200f", "Lucie"),
        ("Lu\u200bcie", "Lucie"), ("Lu\u00adcie", "Lucie"), ("Lu\u2060cie", "Lucie"),
        ("\ufeffLucie", "Lucie"), ("Lu\u034fcie", "Lucie"), ("Lu\u3164cie", "Lucie"),
        ("Lu\u200d\u200ccie", "Lucie"), ("Lucie\ufe0f", "Lucie"), ("Lucie1\ufe0f", "Lucie1"),
        ("Lucie\U000e0041", "Lucie"), ("Lucie\u00a0\u2009 M.", "Lucie M."),
    ],
)  # fmt: skip
def test_what_leaves_no_trace_is_left_out(written, shown):
    assert seen(written) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Maëlle", "O’Brien", "محمد", "מרים", "می\u200cرود", "क्\u200dष", "क्\u200cष",
        "র\u200d্যাব", "👩🏽\u200d💻", "❤\ufe0f\u200d🔥", "👁\ufe0f\u200d🗨\ufe0f", "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)  # fmt: skip
def test_what_does_its_work_stays(name):
    assert seen(name) == name


@pytest.mark.parametrize("text", ["", " ", "\u200b\u00ad", "\u2800", "\u3164", "\u202e\u2060"])
def test_what_nobody_sees_is_no_name(text):
    assert not has_ink(text)

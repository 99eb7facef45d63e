"""Names of sites, people and tokens, as they are typed on the command line."""

import unicodedata

import click

LONGEST = 100
BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control signs and line ends, and what is no text


def name_of(typed: str, hint: str) -> str:
    """Return a name without the white space around it.

    Raises:
        BadParameter: it is empty or too long, or more than a line.
    """
    name = typed.strip()
    if not 0 < len(name) <= LONGEST:
        raise click.BadParameter(f"1 to {LONGEST} characters", param_hint=hint)
    if any(unicodedata.category(sign) in BREAKING for sign in name):
        raise click.BadParameter("one line, without control characters", param_hint=hint)
    return name

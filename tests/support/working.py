"""A machine that does the proof of work it is given, with ALTCHA's own library."""

import json
from base64 import b64encode

import altcha
from altcha import v1


def work_out(challenge):
    """Return the payload that ALTCHA's widget would send for a challenge of either version."""
    if "parameters" in challenge:
        given = altcha.Challenge.from_dict(challenge)
        return altcha.Payload(given, altcha.solve_challenge(given)).to_base64()
    solution = v1.solve_challenge(
        challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxnumber"]
    )
    echoed = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return encode({**echoed, "number": solution.number, "took": 12})


def encode(payload):
    """Return a payload as a form sends it."""
    return b64encode(json.dumps(payload).encode()).decode()

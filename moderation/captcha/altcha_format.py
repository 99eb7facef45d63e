"""ALTCHA's two formats, with the keys of one secret: challenges made, payloads verified.

Version 2 is a search for a counter: the key derived from it (PBKDF2, SHA-256) has to begin with a
prefix the challenge shows. Here the counter is chosen first, so the search ends after a number of
tries that the challenge says beforehand (`data.maxCounter`). Whoever gives up half-way to try a
luckier challenge gains nothing: no counter is likelier than another, and a new search starts anew.
The counter is a keyed digest of the challenge's id, and the derived key is signed in the
challenge: a payload is verified without deriving anything, whatever it claims to cost.

Version 1 is a bare SHA-256 a try, for widgets that know nothing else.

Source: https://altcha.org/docs/v2/ and the package altcha, whose own `verify_solution` asks the
system's clock, takes one key only, and for version 1 compares with ``==``.
"""

import hmac
import json
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from altcha import create_challenge, v1

from moderation.captcha.token import Ticket
from moderation.errors import CaptchaFailed

ALGORITHM = "PBKDF2/SHA-256"
ITERATIONS = 2000  # of PBKDF2 for each try: 0.4 ms on a server, about 4 ms on a low-end phone
LONGEST_PAYLOAD = 4096  # characters; a payload has about 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class AltchaKeys:
    """What one secret is used for, each use with a key of its own.

    Attributes:
        v1, v2: sign challenges of that version.
        derived: signs the key that a reader has to derive.
        counter: chooses what a reader has to count up to.
    """

    v1: bytes = field(repr=False)
    v2: bytes = field(repr=False)
    derived: bytes = field(repr=False)
    counter: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "AltchaKeys":
        """Derive them from `secret`."""
        uses = (b"v1", b"v2", b"derived", b"counter")
        return cls(*(hmac.digest(secret, b"moderation.altcha." + use, "sha256") for use in uses))

    def challenge(self, ticket: Ticket, tries: int) -> dict[str, Any]:
        """Return a challenge of version 2 that takes at most `tries`, at the cost of one here."""
        maximum = tries - 1
        challenge = create_challenge(
            ALGORITHM,
            ITERATIONS,
            counter=self._choose_counter(ticket.id, maximum),
            expires_at=ticket.expires_at,
            data={
                "id": ticket.id,
                "issuedAt": _milliseconds(ticket.issued_at),
                "maxCounter": maximum,
                "site": ticket.site,
            },
            hmac_secret=self.v2,
            hmac_key_secret=self.derived,
        )
        return challenge.to_dict()

    def challenge_v1(self, ticket: Ticket, tries: int, number: int) -> dict[str, Any]:
        """Return a challenge of version 1 whose answer is `number`, from 0 to `tries` - 1."""
        options = v1.ChallengeOptions(
            max_number=tries - 1,
            salt=ticket.id,
            number=number,
            expires=ticket.expires_at,
            params={"issued": str(_milliseconds(ticket.issued_at)), "site": ticket.site},
            hmac_key=self.v1,
        )
        challenge: dict[str, Any] = v1.create_challenge(options).to_dict()
        return {**challenge, "maxnumber": tries - 1}  # widgets read one spelling or the other

    def verify(self, payload: object) -> Ticket | None:
        """Return whose challenge a payload solves; None if it is not ours, or not solved.

        Raises:
            CaptchaFailed: it is no payload at all.
        """
        match payload:
            case {
                "challenge": {"parameters": dict(parameters), "signature": str(signature)},
                "solution": {"counter": int(counter), "derivedKey": str(derived)},
            }:
                return self._verify_v2(parameters, signature, counter, derived)
            case {
                "algorithm": "SHA-256",
                "challenge": str(challenge),
                "number": int(number),
                "salt": str(salt),
                "signature": str(signature),
            }:
                return self._verify_v1(challenge, signature, salt, number)
        raise CaptchaFailed("this is no payload")

    def _verify_v2(
        self, parameters: dict[str, Any], signature: str, counter: int, derived: str
    ) -> Ticket | None:
        if not _is_hmac(signature, self.v2, _canonical(parameters)):
            return None
        data = parameters["data"]
        expected = self._choose_counter(data["id"], data["maxCounter"])
        is_derived = _is_hmac(parameters["keySignature"], self.derived, _unhex(derived))
        if not (is_derived and _is_equal(str(counter), str(expected))):
            return None
        return _ticket(data["id"], data["site"], data["issuedAt"], parameters["expiresAt"])

    def _verify_v1(self, challenge: str, signature: str, salt: str, number: int) -> Ticket | None:
        """Verify that the work is done and the challenge is ours, which is one check here.

        The salt must end as it did, with "&": otherwise digits could be moved between it and the
        number without changing what is hashed.
        """
        expected = sha256(_bytes(f"{salt}{number}")).hexdigest()
        is_ours = _is_hmac(signature, self.v1, expected.encode())
        if not (is_ours and salt.endswith("&") and _is_equal(challenge, expected)):
            return None
        id, _, query = salt.partition("?")
        said = {name: values[0] for name, values in parse_qs(query).items()}
        return _ticket(id, said["site"], int(said["issued"]), int(said["expires"]))

    def _choose_counter(self, id: str, maximum: int) -> int:
        return int.from_bytes(hmac.digest(self.counter, id.encode(), "sha256")) % (maximum + 1)


def decode(payload: str) -> object:
    """Return the JSON that a form's field `altcha` holds in base64.

    Raises:
        CaptchaFailed: it holds something else.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise CaptchaFailed("the payload is too long")
    try:
        content: object = json.loads(b64decode(payload, validate=True))
    except (ValueError, RecursionError) as error:
        raise CaptchaFailed("the payload is not JSON in base64") from error
    return content


def _canonical(parameters: dict[str, Any]) -> bytes:
    """Return the bytes that are signed.

    ALTCHA's rules have more cases (names like numbers, names beyond Unicode's first plane); none
    of them can occur in parameters that were signed here.
    """
    text = json.dumps(parameters, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _bytes(text)


def _is_hmac(signature: str, key: bytes, content: bytes) -> bool:
    return _is_equal(signature, hmac.digest(key, content, "sha256").hex())


def _is_equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(_bytes(given), expected.encode())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # half a surrogate pair can be written in JSON


def _unhex(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return b""


def _milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


def _ticket(id: str, site: str, issued_at: int, expires_at: int) -> Ticket:
    """Return what a challenge says; `issued_at` is in milliseconds, `expires_at` in seconds."""
    return Ticket(id, site, EPOCH + issued_at * MILLISECOND, EPOCH + expires_at * SECOND)

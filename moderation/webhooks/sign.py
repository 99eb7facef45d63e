"""Signatures by Standard Webhooks 1.0.0: who holds the secret knows that we sent what arrived."""

import secrets
from base64 import b64encode
from datetime import datetime

from standardwebhooks import Webhook as Signer

from moderation.domain.webhook import Delivery, Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a secret as receivers are given it."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def signed_headers(delivery: Delivery, webhook: Webhook, now: datetime) -> dict[str, str]:
    """Return the headers that vouch for a delivery sent at `now`, which is in UTC.

    While a secret is being replaced there is a signature by each of the two, so that receivers
    may go over to the new one at any time between.
    """
    signatures = (
        Signer(secret).sign(delivery.event_id, now, delivery.body)
        for secret in webhook.secrets(now)
    )
    return {
        "webhook-id": delivery.event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }

"""For operators: webhooks of their site, and how each delivery went."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from moderation.domain.event import EventType
from moderation.domain.key import Role, Scope
from moderation.domain.moment import moment
from moderation.domain.webhook import Because, Delivery, DeliveryStatus, Webhook
from moderation.web.auth import moderator, requires
from moderation.web.context import services
from moderation.web.values import Body, Cursor, Line, Moment, Query
from moderation.webhooks import subscribe as webhooks
from moderation.webhooks.subscribe import LONGEST_URL

bp = APIBlueprint("webhooks", __name__, url_prefix="/v1/webhooks", tag="Operators")
SECURITY = "bearer"
EventField = Annotated[EventType, Field(strict=False)]


class WebhookRequest(Body):
    url: Annotated[Line, Field(max_length=LONGEST_URL)] = Field(
        description="http or https, without credentials; a public address.",
        examples=["https://journal.example/hooks/comments"],
    )
    events: Annotated[list[EventField], Field(min_length=1, max_length=len(EventType))]


class WebhookReply(BaseModel):
    id: str
    url: str
    events: list[EventField]
    created_at: Moment
    former_secret_until: Moment | None = Field(
        description="Until when deliveries are signed with the secret before, too."
    )
    disabled_at: Moment | None
    disabled_because: Because | None = Field(
        description="gone: it answered 410; failing: a delivery was tried ten times in vain."
    )


class SecretReply(WebhookReply):
    secret: str = Field(description="Shown this once: whsec_ and base64.")


class WebhooksReply(BaseModel):
    webhooks: list[WebhookReply]


class DeliveryReply(BaseModel):
    id: str = Field(description="Of the event: the header webhook-id.")
    type: EventField
    status: DeliveryStatus
    attempts: int
    next_at: Moment | None = Field(description="When it is tried next; null: no more.")
    status_code: int | None = Field(description="Of the last answer.")
    error: str = Field(description="Why the last attempt failed, as a code; empty if it did not.")
    body: str = Field(description="What is sent: JSON, as it is signed.")
    created_at: Moment
    delivered_at: Moment | None


class DeliveriesReply(BaseModel):
    deliveries: list[DeliveryReply]
    next: str | None


class DeliveriesQuery(Query):
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@bp.post("")
@requires(Role.OPERATOR, Scope.WEBHOOKS)
@bp.input(WebhookRequest, arg_name="body")
@bp.output(SecretReply, 201)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 409, 422, 503])
def create(body: WebhookRequest) -> ResponseReturnValue:
    """Tell an address of events from now on; the answer shows the secret, once."""
    built = services()
    made = webhooks.subscribe(
        body.url, body.events, moderator(), built.database, built.addresses, built.clock()
    )
    return _with_secret(made), 201


@bp.get("")
@requires(Role.OPERATOR, Scope.WEBHOOKS)
@bp.output(WebhooksReply)
@bp.doc(security=SECURITY, responses=[401, 403, 503])
def show_list() -> ResponseReturnValue:
    """List the site's webhooks."""
    with services().database.read() as memory:
        found = memory.webhooks.of_site(moderator().site_id)
    return {"webhooks": [_told(one) for one in found]}


@bp.delete("/<webhook_id>")
@requires(Role.OPERATOR, Scope.WEBHOOKS)
@bp.output({}, 204)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 503])
def remove(webhook_id: str) -> ResponseReturnValue:
    """Tell an address nothing any more, not even what waits for it."""
    built = services()
    webhooks.unsubscribe(webhook_id, moderator(), built.database, built.clock())
    return "", 204


@bp.post("/<webhook_id>/rotate")
@requires(Role.OPERATOR, Scope.WEBHOOKS)
@bp.output(SecretReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 415, 503])
def rotate(webhook_id: str) -> ResponseReturnValue:
    """Make a new secret; for a day deliveries are signed with both. Needs no body."""
    built = services()
    return _with_secret(webhooks.rotate(webhook_id, moderator(), built.database, built.clock()))


@bp.post("/<webhook_id>/enable")
@requires(Role.OPERATOR, Scope.WEBHOOKS)
@bp.output(WebhookReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 415, 503])
def enable(webhook_id: str) -> ResponseReturnValue:
    """Tell a disabled webhook again of what happens from now on. Needs no body."""
    built = services()
    return _told(webhooks.enable(webhook_id, moderator(), built.database, built.clock()))


@bp.get("/<webhook_id>/deliveries")
@requires(Role.OPERATOR, Scope.WEBHOOKS)
@bp.input(DeliveriesQuery, location="query", arg_name="query")
@bp.output(DeliveriesReply)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 422, 503])
def show_deliveries(webhook_id: str, query: DeliveriesQuery) -> ResponseReturnValue:
    """List what an address was told, the latest event first; kept for 30 days."""
    with services().database.read() as memory:
        found = memory.webhooks.get(webhook_id, moderator().site_id)
        page = memory.deliveries.page(found.id, cursor=query.cursor, limit=query.limit)
    return {"deliveries": [_delivery(one) for one in page.items], "next": page.next}


@bp.post("/<webhook_id>/deliveries/<event_id>/replay")
@requires(Role.OPERATOR, Scope.WEBHOOKS)
@bp.output(DeliveryReply, 202)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 415, 503])
def replay(webhook_id: str, event_id: str) -> ResponseReturnValue:
    """Make a delivery once more, under the same id. Needs no body."""
    built = services()
    begun = webhooks.replay(webhook_id, event_id, moderator(), built.database, built.clock())
    return _delivery(begun), 202


def _told(webhook: Webhook) -> dict[str, Any]:
    until, disabled_at = webhook.former_until, webhook.disabled_at
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "created_at": moment(webhook.created_at),
        "former_secret_until": until and moment(until),
        "disabled_at": disabled_at and moment(disabled_at),
        "disabled_because": webhook.disabled_because,
    }


def _with_secret(webhook: Webhook) -> dict[str, Any]:
    return {**_told(webhook), "secret": webhook.secret}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    next_at, delivered_at = delivery.next_at, delivery.delivered_at
    return {
        "id": delivery.event_id,
        "type": delivery.type,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "next_at": next_at and moment(next_at),
        "status_code": delivery.status_code,
        "error": delivery.error,
        "body": delivery.body,
        "created_at": moment(delivery.created_at),
        "delivered_at": delivered_at and moment(delivered_at),
    }

"""Whether the process lives, and what of its surroundings is up."""

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from redis import Redis, RedisError

from moderation.errors import StoreUnavailable
from moderation.services import Services
from moderation.web.context import services

bp = APIBlueprint("health", __name__, tag="Operators")


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@bp.get("/readyz")
@bp.doc(responses=[200, 503])
def ready() -> ResponseReturnValue:
    """Tell what is up and what is degraded; 200 while comments are taken in."""
    built = services()
    parts = parts_of(built)
    degraded = [name for name, state in parts.items() if state != "up"]
    accepting = parts["database"] == "up"
    answer: dict[str, Any] = {
        "status": "unavailable" if not accepting else "degraded" if degraded else "ok",
        **parts,
        "model_version": built.model.version,
        "limits": built.settings.limits.value,
        "warnings": [] if built.limits_are_on else ["MODERATION_LIMITS=off: nobody is limited"],
    }
    return answer, 200 if accepting else 503


def parts_of(built: Services) -> dict[str, str]:
    """Return the parts the service leans on, each with "up" or "down"."""
    return {"database": _database(built), "redis": _redis(built), "model": _model(built)}


def _database(built: Services) -> str:
    try:
        built.database.ping()
    except StoreUnavailable:
        return "down"
    return "up"


def _redis(built: Services) -> str:
    try:
        Redis(connection_pool=built.redis_pool).ping()
    except RedisError:
        return "down"
    return "up"


def _model(built: Services) -> str:
    return "up" if built.model.version else "down"

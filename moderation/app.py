"""create_app: registers blueprints and error handlers, nothing else."""

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from moderation.services import Services
from moderation.web import (
    documentation,
    headers,
    health,
    json,
    limiter,
    logs,
    metrics,
    origins,
    problems,
)
from moderation.web.api import (
    audit,
    batches,
    blocks,
    claims,
    decisions,
    models,
    operators,
    webhooks,
)
from moderation.web.api import comments as moderation_comments
from moderation.web.compat import altcha
from moderation.web.console import account, deciding, entrance, queue, statistics
from moderation.web.console import audit as console_audit
from moderation.web.console import batches as console_batches
from moderation.web.console import blocks as console_blocks
from moderation.web.console import comment as console_comment
from moderation.web.console import models as console_models
from moderation.web.console import pages as console_pages
from moderation.web.console import policy as console_policy
from moderation.web.console import webhooks as console_webhooks
from moderation.web.context import EXTENSION
from moderation.web.public import (
    amending,
    challenges,
    comments,
    demo,
    embed,
    feed,
    form,
    own,
    pages,
    reading,
    receipts,
    replay,
    reporting,
)

LARGEST_BODY = 64 * 1024
STATIC_SECONDS = 3600
BLUEPRINTS = (
    challenges.bp,
    comments.bp,
    reading.bp,
    feed.bp,
    amending.bp,
    embed.bp,
    form.bp,
    own.bp,
    reporting.bp,
    receipts.bp,
    demo.bp,
    moderation_comments.bp,
    claims.bp,
    decisions.bp,
    batches.bp,
    blocks.bp,
    audit.bp,
    models.bp,
    operators.bp,
    webhooks.bp,
    altcha.bp,
    entrance.bp,
    account.bp,
    queue.bp,
    console_comment.bp,
    deciding.bp,
    console_batches.bp,
    console_blocks.bp,
    console_policy.bp,
    console_webhooks.bp,
    statistics.bp,
    console_audit.bp,
    console_models.bp,
    documentation.bp,
    health.bp,
    metrics.bp,
)


def create_app(services: Services) -> APIFlask:
    """Return the web application over `services`."""
    app = APIFlask(
        "moderation",
        title="Comment moderation",
        version="1",
        docs_path=None,
        json_errors=False,
        static_folder="web/static",
        template_folder="web/templates",
    )
    documentation.register(app)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.extensions[EXTENSION] = services
    hops = services.settings.proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=0)  # type: ignore[method-assign]
    logs.register(app)
    json.register(app)
    problems.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    limiter.register(app, services)
    origins.register(app)
    headers.register(app)
    pages.register(app)
    console_pages.register(app)
    replay.register(app, services)
    return app

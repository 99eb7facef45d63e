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
from moderation.web.api import comments as moderation_comments
from moderation.web.api import models, operators
from moderation.web.context import EXTENSION
from moderation.web.public import challenges, comments, demo, form, pages

LARGEST_BODY = 64 * 1024
STATIC_SECONDS = 3600
BLUEPRINTS = (
    challenges.bp,
    comments.bp,
    form.bp,
    demo.bp,
    moderation_comments.bp,
    models.bp,
    operators.bp,
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
    return app

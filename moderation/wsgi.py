"""The application as a WSGI server loads it."""

import structlog

from moderation.app import create_app
from moderation.config import read_settings
from moderation.services import build_services
from moderation.web.logs import configure

log = structlog.get_logger()

settings = read_settings()
configure(settings.log_level, is_final=True)
services = build_services(settings)
log.info("ready", model=services.model.version)  # asked for here, the first comment need not wait
app = create_app(services)

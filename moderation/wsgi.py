"""The application as a WSGI server loads it."""

from moderation.app import create_app
from moderation.config import read_settings
from moderation.services import build_services
from moderation.web.logs import configure

settings = read_settings()
configure(settings.log_level, is_final=True)
app = create_app(build_services(settings))

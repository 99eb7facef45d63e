"""The service at an address of its own, by the real clock, for clients that bring their own."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from werkzeug.serving import make_server


@pytest.fixture
def clock():
    return lambda: datetime.now(UTC)


@pytest.fixture
def url(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()

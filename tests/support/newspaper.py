"""A newspaper's own web server, on an origin of its own and with the strictest of policies."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

POLICY = (
    "default-src 'none'; script-src {url}; connect-src {url}; img-src {url}; media-src {url}; "
    "worker-src blob:; base-uri 'none'; require-trusted-types-for 'script'"
)
PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>La halle rouvre ses portes</title>
<link rel="canonical" href="{origin}{path}">
<script type="module" src="{url}/embed.js" data-site="{site}"></script>
<main><h1>La halle rouvre ses portes</h1><p id="article">Un article.</p>{body}</main>
"""
COMMENTS = "<moderation-comments><a href='/form'>Commentaires</a></moderation-comments>"


class Newspaper:
    """Serves pages that hold the widget of the service at `url`."""

    def __init__(self, url):
        self.url = url
        self.key = ""
        self._pages = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()

    def print(self, path="/halle", body=COMMENTS, lang="fr"):
        """Put a page on the server; return its address."""
        names = {"url": self.url, "origin": self.origin, "site": self.key, "path": path}
        self._pages[path] = PAGE.format(lang=lang, body=body, **names).encode()
        return self.origin + path

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(paper):  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = paper._pages.get(self.path.partition("?")[0])
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", POLICY.format(url=paper.url))
                self.end_headers()
                self.wfile.write(page or b"")

            def log_message(self, *_):
                pass

        return Handler

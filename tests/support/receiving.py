"""A webhook's receiver: a real HTTP server that keeps what it got and answers as it is told."""

import socket
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from standardwebhooks import Webhook


class Receiver:
    """Listens on 127.0.0.1; answers 200 unless told otherwise."""

    def __init__(self, port=0):
        self.got = []
        self.patience = Event()  # who is to hang, hangs until this is set
        self._answers = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = False
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def answer(self, status, body=b"", **headers):
        """Answer the next request so; 0 hangs."""
        self._answers.append((status, body, headers))

    def verified(self, secret):
        """Return the events it got, each verified by the reference library."""
        verifier = Webhook(secret)
        return [verifier.verify(body, headers) for headers, body in self.got]

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.got]

    def close(self):
        self.patience.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(receiver):  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers.items()), body))
                answers = receiver._answers
                status, content, headers = answers.popleft() if answers else (200, b"", {})
                if not status:
                    receiver.patience.wait(30)
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        return Handler


class Mumbler:
    """Accepts a connection, sends `start` and then one byte of `rest` after the other."""

    def __init__(self, start, rest=b"x", pause=0.0):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._stop = Event()
        self._plan = (start, rest, pause)
        self.sent = 0
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def close(self):
        self._stop.set()
        self._thread.join()
        self._listener.close()

    def _serve(self):
        start, rest, pause = self._plan
        try:
            self._listener.settimeout(5)
            connection, _ = self._listener.accept()
            with connection:
                connection.settimeout(5)
                connection.sendall(start)
                while not self._stop.wait(pause):
                    connection.sendall(rest)
                    self.sent += len(rest)
        except OSError:
            return

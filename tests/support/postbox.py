"""A mail server on 127.0.0.1 that keeps what it is sent, or refuses it."""

import ssl
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from running import free_port


class Postbox:
    """Takes mail; `refusals` gives the answer for an address, such as `550 no such person`.

    With a certificate it offers encryption (STARTTLS), or speaks nothing else from the start.
    """

    def __init__(self, password=None, certificate=None, *, from_the_start=False):
        self.mail, self.refusals, self.signed_in, self.encrypted = [], {}, [], []
        self._password = password
        box = self

        class Server(Controller):
            def factory(self):
                asked = {"authenticator": box._authenticate, "auth_require_tls": False}
                offered = {} if from_the_start else {"tls_context": context}
                return SMTP(box, enable_SMTPUTF8=True, **(asked if password else {}), **offered)

        context = _context(certificate) if certificate else None
        self.port = free_port()
        encryption = {"ssl_context": context} if from_the_start else {}
        self._controller = Server(self, "127.0.0.1", self.port, **encryption)
        self._controller.start()
        self.url = f"smtp{'s' if from_the_start else ''}://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mail.append((envelope, message_from_bytes(envelope.content, policy=default)))
        self.encrypted.append(bool(session.ssl or server.transport.get_extra_info("ssl_object")))
        return "250 OK"

    def _authenticate(self, server, session, envelope, mechanism, data):
        password = data.password.decode()
        self.signed_in.append((data.login.decode(), password == self._password))
        return AuthResult(success=password == self._password)

    def close(self):
        self._controller.stop()


def _context(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context

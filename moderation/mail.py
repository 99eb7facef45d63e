"""E-mail: one message at a time through the SMTP server that the settings name."""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from moderation.errors import MailRefused, StoreUnavailable

SCHEMES = ("smtp", "smtps")
SECONDS = 10.0  # for each wait for the server
RETRY_SECONDS = 30
PERMANENT = 500  # SMTP answers from here on stay the same, however often one asks


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text for one person.

    Attributes:
        language: of the text.
    """

    to: str = field(repr=False)
    subject: str
    text: str
    language: str


class Mail:
    """Sends letters; safe to share between threads.

    Args:
        url: smtp[s]://[user:password@]host[:port].
        sender: an address, or a name and an address: `Comments <comments@journal.example>`.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._port = parts.port or self._usual_port()
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"

    def send(self, letter: Letter, now: datetime) -> None:
        """Hand a letter over to the server.

        Raises:
            MailRefused: the server does not take it, and never will.
            StoreUnavailable: the server is away, or cannot be trusted with the password.
        """
        message = self._message(letter, now)
        try:
            with self._connect() as server:
                self._prepare(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = min(code for code, _ in error.recipients.values())
            raise _refusal(code) from error
        except smtplib.SMTPAuthenticationError as error:
            raise StoreUnavailable("mail", RETRY_SECONDS) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused("an address the server cannot write to") from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise StoreUnavailable("mail", RETRY_SECONDS) from error

    def _message(self, letter: Letter, now: datetime) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = self._sender
            message["To"] = letter.to
            message["Subject"] = " ".join(letter.subject.split())
        except (ValueError, IndexError, MessageError) as error:  # a line break in an address
            raise MailRefused("not an address") from error
        if message["To"].defects or len(message["To"].addresses) != 1:
            raise MailRefused("not an address")
        message["Date"] = format_datetime(now)
        message["Message-ID"] = make_msgid(domain=self._domain)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice, please
        message.set_content(letter.text)
        message["Content-Language"] = letter.language
        return message

    def _connect(self) -> smtplib.SMTP:
        if not self._is_tls:
            return smtplib.SMTP(self._host, self._port, self._domain, SECONDS)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            self._host, self._port, self._domain, timeout=SECONDS, context=context
        )

    def _prepare(self, server: smtplib.SMTP) -> None:
        """Encrypt where the server offers it, and sign in: a password never goes in the clear."""
        server.ehlo()
        is_private = self._is_tls
        if not self._is_tls and server.has_extn("starttls"):
            server.starttls(context=self._tls())
            server.ehlo()
            is_private = True
        if self._user:
            if not (is_private or _is_here(self._host)):
                raise smtplib.SMTPException("the server offers no encryption")
            server.login(self._user, self._password)

    def _tls(self) -> ssl.SSLContext:
        """Return how to encrypt: with a password to keep, only to whoever proves their name."""
        context = ssl.create_default_context()
        if not self._user:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _usual_port(self) -> int:
        if self._is_tls:
            return smtplib.SMTP_SSL_PORT
        return 587 if self._user else smtplib.SMTP_PORT


def _refusal(code: int) -> MailRefused | StoreUnavailable:
    if code >= PERMANENT:
        return MailRefused(f"SMTP {code}")
    return StoreUnavailable("mail", RETRY_SECONDS)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

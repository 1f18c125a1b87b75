"""The one way out for mail: Flask-Mail's connection with a time limit, checked certificates and clear verdicts."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType

from flask_mail import Connection, Mail

from ..config import Settings
from .headers import needs_utf8
from .outlet import Refused, Unsent

AT_MOST = 50.0
"""Seconds that one delivery may take from connecting to the last answer; a mail is leased for 60."""


class _TimedConnection(Connection):
    """Flask-Mail 0.10 never times out and does not check certificates (its issue 114); this one does both."""

    def __init__(self, mail: Mail, timeout: float) -> None:
        super().__init__(mail)
        self._timeout = timeout

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        mail = self.mail
        host: smtplib.SMTP | smtplib.SMTP_SSL
        if mail.use_ssl:
            host = smtplib.SMTP_SSL(mail.server, mail.port, timeout=self._timeout, context=ssl.create_default_context())
        else:
            host = smtplib.SMTP(mail.server, mail.port, timeout=self._timeout)
        try:
            if mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if mail.username and mail.password:
                host.login(mail.username, mail.password)
        except BaseException:
            host.close()  # smtplib leaves it open, and nobody else would ever close it
            raise
        return host


class SmtpOutlet:
    """Hands mails to the SMTP server of the settings, several over one connection while it lasts."""

    def __init__(self, settings: Settings) -> None:
        config = {name: getattr(settings, name) for name in dir(settings) if name.startswith("MAIL_")}
        mail = Mail()
        mail.state = mail.init_mail(config)
        self._connection = _TimedConnection(mail, settings.MAIL_TIMEOUT.delta.total_seconds())
        self._host: smtplib.SMTP | smtplib.SMTP_SSL | None = None
        self._is_over = False

    def deliver(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """Hand one mail over, once: a connection that breaks in the middle is not tried again here."""
        # The time limit counts for each step of SMTP; a server that is slow at every step must not outlast the lease
        # of the mail, or a second worker would send it too.
        self._is_over = False
        guard = threading.Timer(AT_MOST, self._break_off)
        guard.start()
        try:
            host = self._connected()
            options = ["SMTPUTF8"] if needs_utf8(message) else []
            if options and not host.has_extn("smtputf8"):
                raise Refused("the mail server knows no SMTPUTF8")
            host.sendmail(sender, [recipient], message.as_bytes(), mail_options=options)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self.close()
            raise _verdict(error) from None
        finally:
            guard.cancel()

    def close(self) -> None:
        """Say goodbye to the server."""
        host, self._host = self._host, None
        if host is not None:
            try:
                host.quit()
            except (smtplib.SMTPException, OSError):
                host.close()

    def __enter__(self) -> "SmtpOutlet":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _break_off(self) -> None:
        self._is_over = True  # seen by whoever still connects
        sock = self._host.sock if self._host is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        if self._host is None:
            try:
                self._host = self._connection.configure_host()
            except UnicodeError as error:  # a fault of the server's name, the user or the password, and of no mail
                raise Unsent(f"{type(error).__name__} while connecting") from None
            self._host.ehlo_or_helo_if_needed()
        if self._is_over:
            raise TimeoutError
        return self._host


def _verdict(error: Exception) -> Unsent | Refused:
    """Whether a mail may still be taken later. Only a refusal of this very mail or recipient is for good.

    A refused sender, password or command is a fault of the set-up: the mail is not to blame, and waits.
    """
    code = 0
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
    elif isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
    text = f"{type(error).__name__} {code or ''}".strip()
    final = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and code >= 500
    return Refused(text) if final or isinstance(error, UnicodeError) else Unsent(text)

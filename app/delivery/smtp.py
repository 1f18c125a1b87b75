"""The one way out for mail: Flask-Mail's connection with a time limit, checked certificates and clear verdicts."""

import re
import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from types import TracebackType

from flask_mail import Connection, Mail

from ..config import Settings
from .transport import DeliveryFailure, InDoubt, Message, PerhapsSent, PermanentFailure, ServerFailure, TemporaryFailure

AT_MOST = 50.0
"""Seconds that one delivery may take from connecting to the last dot; a mail is leased for 60."""

AFTER_THE_DOT = 600.0
"""Seconds to wait for the answer to the last dot (RFC 5321 4.5.3.2.6): who gives up sooner gets the mail sent twice."""

PATIENCE = 2.0
"""Seconds of that in which no other mail goes: most answers come at once, and then the connection is used again."""

_LOOK_EVERY = 0.1
"""Seconds between two looks at whether a delivery takes too long."""
_LONGEST_REPLY = 65_536
_LAST_LINE = re.compile(rb"(?m)^(\d{3})(?: [^\n]*)?\r?\n")
_ENHANCED = re.compile(r"\s*#?([245]\.\d{1,3}\.\d{1,3})(?![\w.]*\d)")

Host = smtplib.SMTP | smtplib.SMTP_SSL


class _TimedConnection(Connection):
    """Flask-Mail 0.10 never times out and does not check certificates (its issue 114); this one does both.

    `step` is what it did last.
    """

    def __init__(self, mail: Mail, timeout: float) -> None:
        super().__init__(mail)
        self._timeout = timeout
        self.step = ""

    def configure_host(self) -> Host:
        mail = self.mail
        self.step = "connect"
        host: Host
        if mail.use_ssl:
            host = smtplib.SMTP_SSL(mail.server, mail.port, timeout=self._timeout, context=ssl.create_default_context())
        else:
            host = smtplib.SMTP(mail.server, mail.port, timeout=self._timeout)
        try:
            self.step = "HELO"
            host.ehlo_or_helo_if_needed()
            if mail.use_tls:
                self.step = "STARTTLS"
                host.starttls(context=ssl.create_default_context())
                self.step = "HELO"
                host.ehlo_or_helo_if_needed()
            if mail.username and mail.password:
                self.step = "AUTH"
                host.login(mail.username, mail.password)
        except BaseException:
            host.close()  # smtplib leaves it open, and nobody else would ever close it
            raise
        return host


class SmtpTransport:
    """Hands mails to the SMTP server of the settings, several over one connection while it lasts."""

    def __init__(self, settings: Settings) -> None:
        config = {name: getattr(settings, name) for name in dir(settings) if name.startswith("MAIL_")}
        mail = Mail()
        mail.state = mail.init_mail(config)
        self._timeout = settings.MAIL_TIMEOUT.delta.total_seconds()
        self._connection = _TimedConnection(mail, self._timeout)
        self._host: Host | None = None
        self._is_over = False
        self._until = float("inf")
        self._watched = threading.Event()
        self._watched.set()

    def deliver(self, message: Message, sender: str, recipient: str) -> "_Answer | None":
        """Hand one mail over. See `Transport.deliver`.

        A used connection that the server has closed is no fault of anybody's: it may end one whenever it likes. The
        mail is tried once more on a new one, which is safe as long as it is sure that it was not taken.
        """
        data = message.data
        needs = ["SMTPUTF8"] if message.needs_utf8 else []
        # The time limit counts for each step of SMTP; a server that is slow at every step must not outlast the lease
        # of the mail, or a second worker would send it too.
        until = time.monotonic() + AT_MOST
        self._is_over = False
        self._watch(until)
        try:
            if self._host is not None:
                with suppress(_Gone):
                    return self._hand_over(data, sender, recipient, needs, until)
                self._hang_up()
            return self._hand_over(data, sender, recipient, needs, until)
        except _Gone as gone:
            self._hang_up()
            raise gone.problem from None
        except DeliveryFailure:
            self._hang_up()
            raise
        finally:
            self._until = float("inf")

    def close(self) -> None:
        """Say goodbye to the server."""
        self._watched.set()
        self._hang_up()

    def _hang_up(self) -> None:
        host, self._host = self._host, None
        if host is not None:
            _say_goodbye(host)

    def __enter__(self) -> "SmtpTransport":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _watch(self, until: float) -> None:
        """See that a delivery ends in time. One thread does so for all mails of a connection: one for each took 4 %."""
        self._until = until
        if self._watched.is_set():
            self._watched = threading.Event()
            threading.Thread(target=self._watch_over, args=(self._watched,), daemon=True).start()

    def _watch_over(self, ended: threading.Event) -> None:
        while not ended.wait(_LOOK_EVERY):
            if time.monotonic() >= self._until:
                self._until = float("inf")
                self._break_off()

    def _break_off(self) -> None:
        self._is_over = True  # seen by whoever still connects
        sock = self._host.sock if self._host is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _hand_over(self, data: bytes, sender: str, recipient: str, needs: list[str], until: float) -> "_Answer | None":
        """Hand a mail over on the connection there is, or on a new one. Raises _Gone where that one ended too soon."""
        step = "connect"
        try:
            host = self._connected()
            step = "MAIL"
            if needs and not host.has_extn("smtputf8"):
                raise TemporaryFailure("MAIL no SMTPUTF8")  # for good, but only as long as this is the server
            size = [f"size={len(data)}"] if host.does_esmtp and host.has_extn("size") else []
            _expect(_asked(host, f"MAIL FROM:<{sender}>", *size, *needs), 250)
            step = "RCPT"
            _expect(_asked(host, f"RCPT TO:<{recipient}>"), 250, 251)
            step = "DATA"
            _expect(_asked(host, "DATA"), 354)
            _socket(host).sendall(data + b".\r\n")
            step = "end of data"
            answer = _Answer(host, self._timeout)
            if answer.has_come(min(PATIENCE, until - 1 - time.monotonic())):
                return None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            problem = _classify(self._connection.step if step == "connect" else step, error, bool(needs))
            if _is_gone(error) and not self._is_over:
                raise _Gone(problem) from None
            raise problem from None
        self._host = None
        return answer

    def _connected(self) -> Host:
        if self._host is None:
            self._host = self._connection.configure_host()
        if self._is_over:
            raise TimeoutError
        return self._host


class _Answer:
    """The answer to the last dot, which may be long in coming. See `Unanswered`."""

    def __init__(self, host: Host, timeout: float) -> None:
        self._host = host
        self._timeout = timeout
        self._until = time.monotonic() + AFTER_THE_DOT
        self._said = b""
        self._is_whole = False

    def is_taken(self, seconds: float) -> bool:
        """Whether the mail was taken within so many seconds. Raises like `Transport.deliver`."""
        try:
            return self.has_come(seconds)
        except smtplib.SMTPResponseException as error:
            raise _classify("end of data", error, False) from None

    def has_come(self, seconds: float) -> bool:
        """The same, but raises SMTPResponseException where the mail was refused."""
        try:
            reply = self._reply(time.monotonic() + seconds)
        except OSError as error:
            self._host.close()
            raise PerhapsSent(f"end of data {type(error).__name__}") from None
        if reply is None:
            return False
        _expect(reply, *range(200, 300))
        return True

    def close(self) -> None:
        """Say goodbye to the server, or only hang up where it still thinks: it would not hear."""
        if self._is_whole:
            _say_goodbye(self._host)
        else:
            self._host.close()

    def _reply(self, until: float) -> tuple[int, bytes] | None:
        """The whole reply, or None when it was not there in time.

        smtplib cannot go on to read after a time limit is over; nothing else of it reads before the reply is whole.
        """
        while (reply := _whole(self._said)) is None:
            sock, now = _socket(self._host), time.monotonic()
            if now >= self._until:
                raise TimeoutError
            if now >= until:
                return None
            sock.settimeout(min(until, self._until) - now)
            with suppress(TimeoutError):
                self._said += _more(sock)
            sock.settimeout(self._timeout)  # for the next mail
        self._is_whole = True
        return reply


class _Gone(Exception):
    """The server has ended the connection, and has not taken the mail."""

    def __init__(self, problem: DeliveryFailure) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _asked(host: Host, *words: str) -> tuple[int, bytes]:
    """The server's reply to a command.

    smtplib's own way takes four times as long: it parses every address, though nothing comes this far that is not one.
    """
    sock = _socket(host)
    command = " ".join(words)
    if "\r" in command or "\n" in command:
        raise ValueError("a line break in a command")
    sock.sendall(command.encode() + b"\r\n")
    said = b""
    while (reply := _whole(said)) is None:
        said += _more(sock)
    return reply


def _whole(said: bytes) -> tuple[int, bytes] | None:
    """The code and the text of a reply, or None where its last line is still to come."""
    last = _LAST_LINE.search(said)
    if last is None and len(said) > _LONGEST_REPLY:
        raise ConnectionAbortedError
    return last and (int(last[1]), said[4:])


def _more(sock: socket.socket) -> bytes:
    more = sock.recv(4096)
    if not more:
        raise ConnectionResetError
    return more


def _socket(host: Host) -> socket.socket:
    if host.sock is None:
        raise ConnectionAbortedError
    return host.sock


def _say_goodbye(host: Host) -> None:
    try:
        host.quit()
    except (smtplib.SMTPException, OSError):
        host.close()


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(*reply)


def _is_gone(error: Exception) -> bool:
    """Whether a server has closed the connection. One that says nothing any more has not."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == 421
    return isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError) and not isinstance(
        error.__context__, TimeoutError
    )


def _classify(step: str, error: Exception, needs_utf8: bool) -> DeliveryFailure:
    """Whose fault it is that a mail did not go. The text never holds the server's words, which may name an address."""
    if not isinstance(error, smtplib.SMTPResponseException) or error.smtp_code < 0:
        cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else None
        text = f"{step} {type(cause or error).__name__}"
        return InDoubt(text, is_final=False) if step in _ABOUT_A_MAIL else ServerFailure(text)
    code, said = error.smtp_code, error.smtp_error
    found = _ENHANCED.match(said if isinstance(said, str) else said.decode("ascii", "replace"))
    enhanced = found[1] if found else ""
    text = f"{step} {code} {enhanced}".rstrip()
    if step in _ABOUT_A_MAIL:
        return _classify_reply(step, text, code, enhanced)
    about_this_mail = step == "MAIL" and (needs_utf8 or code == 552 or enhanced in ("5.2.3", "5.3.4"))
    return InDoubt(text, is_final=False) if about_this_mail else ServerFailure(text)


_ABOUT_A_MAIL = ("RCPT", "DATA", "end of data")
_OF_THE_LOGIN = (530, 534, 535, 538)
"""RFC 4954: they say at any step that the client has to log in, or to encrypt first."""
_OF_THE_SENDER = ("5.1.0", "5.1.7", "5.1.8", "4.1.7", "4.1.8")
"""RFC 3463: of the sender's address; 5.1.0 does not say of whose, and servers use it for both."""


def _classify_reply(step: str, text: str, code: int, enhanced: str) -> DeliveryFailure:
    """What a reply says after a recipient was named.

    The recipient's alone are a bad address and a mailbox that is disabled (RFC 3463: 5.1.x, 5.2.1). A reply for now is
    about the recipient too (greylisting), unless it names the mail system (4.3.x, such as a full disk) or the sender,
    or is 421 or 454: Postfix says 454 where it does not relay for us. What has no enhanced code may be either: Exim
    says the same 550 for an unknown user and for a client that it does not relay for.
    """
    is_address = enhanced.startswith("5.1.") and enhanced not in _OF_THE_SENDER
    if code >= 500 and (is_address or enhanced == "5.2.1"):
        return PermanentFailure(text)
    if code in _OF_THE_LOGIN:
        return ServerFailure(text)
    is_system = code in (421, 454) or enhanced.startswith("4.3.") or enhanced in _OF_THE_SENDER
    if 400 <= code < 500 and not is_system:
        return TemporaryFailure(text)
    is_bare = step == "RCPT" and code in (550, 551, 553) and not enhanced
    return InDoubt(text, is_final=is_bare or enhanced == "5.1.0")

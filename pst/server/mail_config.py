"""Where mails are handed over, and where undeliverable ones come back to."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from pst.server.config_values import BadSetting
from pst.server.urls import quoted


@dataclass(frozen=True)
class MailAccount:
    """Where mail is handed over; from `PST_MAIL_URL`."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls: bool
    ssl: bool


@dataclass(frozen=True)
class BounceMailbox:
    """The mailbox that mails come back to; from `PST_BOUNCE_URL`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    ssl: bool

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def mail_server(url: str | None) -> MailAccount | None:
    """Return the mail server that `PST_MAIL_URL` names."""
    if not url:
        return None
    parts, port = _parts("PST_MAIL_URL", url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadSetting(
            "PST_MAIL_URL must look like smtp://user:password@host:587 or smtps://…"
        )
    ssl = parts.scheme == "smtps"
    return MailAccount(
        host=parts.hostname,
        port=port or (465 if ssl else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        # A password is never sent in the clear: with one, STARTTLS is required.
        tls=not ssl and parts.password is not None,
        ssl=ssl,
    )


def bounce_address(address: str | None, mailbox: BounceMailbox | None) -> str | None:
    """Return the address mails come back to; by default that of `mailbox`."""
    if mailbox and not address:
        local, at, domain = mailbox.user.rpartition("@")
        if not at:
            raise BadSetting(
                "PST_BOUNCE_ADDRESS must say which address PST_BOUNCE_URL reads,"
                " as bounces+*@host."
            )
        address = f"{local}+*@{domain}"
    local, at, domain = (address or "").rpartition("@")
    # A mark takes up to 34 characters of the 64 that a local part may have.
    if address and (not local or "." not in domain or len(local) > 30):
        raise BadSetting(
            f"PST_BOUNCE_ADDRESS must look like bounces+*@host, not {address!r}."
        )
    return address or None


def bounce_mailbox(url: str | None) -> BounceMailbox | None:
    """Return the mailbox that `PST_BOUNCE_URL` names."""
    if not url:
        return None
    parts, port = _parts("PST_BOUNCE_URL", url)
    is_near = parts.scheme == "imap" and parts.hostname in ("127.0.0.1", "localhost")
    if not (parts.scheme == "imaps" or is_near) or not parts.username:
        # A password is sent in the clear only to a server on this machine.
        raise BadSetting(
            "PST_BOUNCE_URL must look like imaps://user:password@host/INBOX"
        )
    return BounceMailbox(
        host=parts.hostname or "",
        port=port or (143 if is_near else 993),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        ssl=not is_near,
    )


def _parts(name: str, url: str) -> tuple[SplitResult, int | None]:
    """Return the parts of `url` and its port, if it has one."""
    parts = urlsplit(quoted(url))
    try:
        return parts, parts.port
    except ValueError as error:
        raise BadSetting(f"{name} has a port that is no number.") from error

"""What a mail that came back says: not delivered, delayed, an auto-reply, a reply.

Delivery reports as RFC 3464 has them, and as servers write them that know none of it;
auto-replies as RFC 3834 and habit mark them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from itertools import islice

# More than this of a mail is not looked at.
MAX_PARTS, MAX_TEXT = 50, 8_000
ENHANCED = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d]|\.\d)")
BASIC = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-])")
DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mdaemon")
# Below one of these a server quotes the mail that it sends back.
QUOTED = re.compile(
    r"below this line is a copy|this is a copy of the message|original message"
    r"|message header follows|returned message",
    re.I,
)
# What servers without codes say, in the words of the enhanced codes.
PHRASES = {
    "5.1.1": re.compile(
        r"user unknown|unknown user|no such user|does not exist|doesn't exist"
        r"|no mailbox here|recipient unknown|unknown recipient|invalid recipient"
        r"|couldn't be found|could not be found|unrouteable address|not found",
        re.I,
    ),
    "5.2.2": re.compile(r"quota|mailbox (?:is )?full|inbox is full", re.I),
}
NOT_YET = re.compile(
    r"delay|temporar|will (?:be )?retr|still trying|will keep trying|warning:"
    r"|not yet been delivered|no action is required",
    re.I,
)
FAILURE = re.compile(
    r"undeliver|deliver\w* (?:has )?fail|fail\w* (?:notice|deliver)|returned mail"
    r"|returning message|could not be delivered|not delivered|tidak terkirim",
    re.I,
)
AUTOMATIC = re.compile(
    r"^\W*(?:auto(?:matic)?[ -]?(?:reply|response|answer)|auto:|out of (?:the )?office"
    r"|balasan otomatis|jawaban otomatis|di luar kantor|sedang cuti)",
    re.I,
)
BULK = ("bulk", "junk", "list", "auto_reply")
# Headers that only programs, or lists, put into a mail.
OF_PROGRAMS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-Auto-Response-Suppress",
    "List-Id",
    "List-Post",
    "List-Help",
    "List-Unsubscribe",
    "Feedback-ID",
)


class ReportKind(StrEnum):
    """What a mail that came back is."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    AUTOMATIC = "automatic"
    REPLY = "reply"


@dataclass(frozen=True)
class DeliveryReport:
    """What came back; `status` is an enhanced code (RFC 3463), or empty."""

    kind: ReportKind
    status: str = ""
    words: str = ""


def read(message: Message) -> DeliveryReport:
    """Return what `message` says of the mail it is about."""
    if blocks := list(_recipients(message)):
        return _reported(blocks)
    if _is_from_a_server(message):
        return _report_in_words(message)
    if is_automatic(message):
        return DeliveryReport(ReportKind.AUTOMATIC)
    return DeliveryReport(ReportKind.REPLY)


def is_automatic(message: Message) -> bool:
    """Return whether a program wrote `message`: no program is answered."""
    submitted = header(message, "Auto-Submitted").casefold()
    if submitted and not submitted.startswith("no"):
        return True
    if header(message, "Precedence").casefold() in BULK:
        return True
    if any(message.get(name) is not None for name in OF_PROGRAMS):
        return True
    if message.get_content_type() == "multipart/report":
        return True
    sender = parseaddr(header(message, "From"))[1]
    local = sender.partition("@")[0].casefold()
    is_nobody = not sender or local in DAEMONS or re.match(r"no[-_.]?reply", local)
    if is_nobody or header(message, "Return-Path") == "<>":
        return True
    return bool(AUTOMATIC.search(header(message, "Subject")))


def header(message: Message, name: str) -> str:
    """Return a header as one line, of any content; empty without one."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        text = str(make_header(decode_header(str(raw)[:2_000])))
    except (LookupError, ValueError):
        text = str(raw)[:2_000]
    return " ".join(text.split())


def _recipients(message: Message) -> Iterator[Message]:
    """Give what a delivery report says of each recipient."""
    for part in islice(message.walk(), MAX_PARTS):
        if part.get_content_type() != "message/delivery-status":
            continue
        payload = part.get_payload()
        blocks = payload if isinstance(payload, list) else []
        for block in blocks[:MAX_PARTS]:
            if isinstance(block, Message) and (block["Action"] or block["Status"]):
                yield block


def _reported(blocks: list[Message]) -> DeliveryReport:
    """Return the worst of what a report says of its recipients."""
    reports = [_of_recipient(block) for block in blocks]
    order = list(ReportKind)
    return min(reports, key=lambda report: order.index(report.kind))


def _of_recipient(block: Message) -> DeliveryReport:
    action = header(block, "Action").partition(" ")[0].casefold()
    words = header(block, "Diagnostic-Code").partition(";")[2].strip()
    words = words or header(block, "Diagnostic-Code")
    status = _code_in(header(block, "Status"))
    # Some say 5.0.0 for everything, and the truth in the words.
    if not status or status.endswith(".0.0"):
        status = _code_in(words) or status
    if action in ("failed", "delayed"):
        kind = ReportKind(action)
    elif action in ("delivered", "relayed", "expanded"):
        kind = ReportKind.DELIVERED
    else:
        kind = ReportKind.DELAYED if status.startswith("4") else ReportKind.FAILED
    return DeliveryReport(kind, status, words[:300])


def _is_from_a_server(message: Message) -> bool:
    """Return whether a mail server says something, though in no form we know."""
    if message.get("X-Failed-Recipients") is not None:
        return True
    local = parseaddr(header(message, "From"))[1].partition("@")[0].casefold()
    subject = header(message, "Subject")
    is_about_mail = bool(FAILURE.search(subject) or NOT_YET.search(subject))
    return local in DAEMONS and (is_about_mail or bool(_code_in(_text(message))))


def _report_in_words(message: Message) -> DeliveryReport:
    """Read the words of a server that writes no report a program could read."""
    text = _text(message)
    status = _code_in(text)
    line = next((line for line in text.splitlines() if _code_in(line)), "")
    all_words = f"{header(message, 'Subject')}\n{text}"
    is_late = NOT_YET.search(all_words) and not status.startswith("5")
    kind = ReportKind.DELAYED if is_late else ReportKind.FAILED
    return DeliveryReport(kind, status, " ".join(line.split())[:300])


def _code_in(text: str) -> str:
    """Return the enhanced code in `text`, or the one its words stand for."""
    if match := ENHANCED.search(text):
        return match[0]
    for status, phrase in PHRASES.items():
        if phrase.search(text):
            return status
    basic = BASIC.search(text)
    return f"{basic[1][0]}.0.0" if basic else ""


def _text(message: Message) -> str:
    """Return the plain text, without the mail that is quoted below it."""
    for part in islice(message.walk(), MAX_PARTS):
        if part.get_content_type() != "text/plain":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        text = payload[:MAX_TEXT].decode("utf-8", "replace")
        return QUOTED.split(text, maxsplit=1)[0]
    return ""

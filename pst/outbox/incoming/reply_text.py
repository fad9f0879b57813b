"""What a person wrote in a reply: without what is quoted, and the files with it."""

import re
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from itertools import islice

# More than this of a mail is not looked at.
MAX_PARTS, MAX_TEXT = 50, 200_000
MAX_HEADING = 400
# Small pictures in the text of a mail are logos and icons of signatures.
MIN_PICTURE_BYTES = 8_000
# What a program writes above the mail that it quotes; it may break the line once.
HEADING = re.compile(
    r"(?:pada (?:tanggal )?.{4,160}|on .{4,160}|.{2,160}@.{2,160}) ?"
    r"(?:menulis|wrote) ?:\s*$",
    re.I,
)
# From here to the end all is quoted.
OUTLOOK = re.compile(
    r"(?:-{2,} ?(?:original message|pesan asli|forwarded message"
    r"|pesan yang diteruskan) ?-{2,}|_{20,}|(?:from|dari): .+@.+)\s*$",
    re.I,
)
SIGNATURE = re.compile(r"--\s?$")
SENT_FROM = re.compile(r"(?:sent from|dikirim dari|get outlook for) [^\n]{0,80}$", re.I)
QUOTES = {"blockquote"}
QUOTING_MARKS = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "appendonsend")
UNSEEN = {"head", "style", "script", "title"}
LINES = {"br", "p", "div", "li", "tr", "h1", "h2", "h3"}


@dataclass(frozen=True)
class MailAttachment:
    """A file that came with a mail."""

    name: str
    content: bytes


def written(message: Message) -> str:
    """Return the words of the writer of `message`."""
    plain = html = None
    for part in _parts(message):
        if part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        if plain is None and part.get_content_type() == "text/plain":
            plain = _text(part)
        elif html is None and part.get_content_type() == "text/html":
            html = _text(part)
    text = plain if plain and plain.strip() else _plain(html or "")
    return without_quotes(text)


def files(message: Message) -> list[MailAttachment]:
    """Return the attachments, except the small pictures of signatures."""
    attachments = []
    for part in _parts(message):
        name, kind = part.get_filename(), part.get_content_disposition()
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not (name or kind == "attachment"):
            continue
        is_picture = part.get_content_maintype() == "image"
        if kind == "inline" and is_picture and len(content) < MIN_PICTURE_BYTES:
            continue
        attachments.append(MailAttachment(name or "lampiran", content))
    return attachments


def without_quotes(text: str) -> str:
    """Leave out quoted lines, what introduces them, and a signature."""
    lines = text.replace("\r\n", "\n").split("\n")
    rest: list[str] = []
    quoted = [at for at, line in enumerate(lines) if line.lstrip().startswith(">")]
    last_quoted = quoted[-1] if quoted else -1
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if OUTLOOK.match(line):
            break
        if length := _heading_length(lines, at):
            at += length
            continue
        if SIGNATURE.match(lines[at].rstrip("\r")) and at > last_quoted:
            break
        if not line.startswith(">") and not SENT_FROM.match(line):
            rest.append(lines[at].rstrip())
        at += 1
    return "\n".join(rest).strip("\n").strip()


def _heading_length(lines: list[str], at: int) -> int:
    """Return how many lines introduce a quoted mail here; 0 when none do."""
    for length in (1, 2):
        heading = " ".join(line.strip() for line in lines[at : at + length])
        if len(heading) > MAX_HEADING or not HEADING.match(heading):
            continue
        # Looked for only below a heading, and near it: a text has many lines.
        near = (line.strip() for line in lines[at + length : at + length + 20])
        after = next((line for line in near if line), "")
        if not after or after.startswith(">"):
            return length
    return 0


def _parts(message: Message) -> list[Message]:
    first = islice(message.walk(), MAX_PARTS)
    return [part for part in first if not part.is_multipart()]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    raw = content[:MAX_TEXT] if isinstance(content, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        return raw.decode(charset, "replace")
    except (LookupError, UnicodeError):
        return raw.decode("utf-8", "replace")


def _plain(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.out))


class _Reader(HTMLParser):
    """Collect the text of a page, without what it quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [value or "" for name, value in attrs if name in ("class", "id")]
        marks = " ".join(names).casefold()
        is_quote = tag in QUOTES or any(mark in marks for mark in QUOTING_MARKS)
        if self.skipped:
            self.skipped += [tag] if tag == self.skipped[0] else []
        elif tag in UNSEEN or (is_quote and tag != "br"):
            self.skipped = [tag]
        elif tag in LINES:
            self.out.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and tag == self.skipped[0]:
            self.skipped.pop()
        elif tag in ("p", "div", "tr", "li") and not self.skipped:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.out.append(re.sub(r"\s+", " ", data))

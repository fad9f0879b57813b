"""Old Office files as the tests need them: a small writer of the OLE format."""

import struct

END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR = 512
LEAST = 4_096  # a stream of fewer bytes would lie in the mini stream
SELF = struct.pack("<HH", 1, 0x0401)


def ole(**streams: bytes) -> bytes:
    """Write an OLE file of these streams; `__` begins a name that starts with it."""
    sectors: list[bytes] = []
    fat: list[int] = []

    def add(content: bytes) -> int:
        first = len(sectors)
        count = -(-len(content) // SECTOR)
        for n in range(count):
            sectors.append(content[n * SECTOR : (n + 1) * SECTOR].ljust(SECTOR, b"\0"))
            fat.append(first + n + 1 if n + 1 < count else END)
        return first

    entries = b""
    for name, content in streams.items():
        padded = content.ljust(LEAST, b"\0")
        entries += _entry(name, 2, add(padded), len(padded))
    directory = add(_entry("Root Entry", 5, END, 0) + entries)
    fat_at = len(sectors)
    fat.append(TABLE)
    fat += [FREE] * (SECTOR // 4 - len(fat))
    sectors.append(struct.pack(f"<{len(fat)}I", *fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack(
        "<IIIIIIIIII", 0, 1, directory, 0, LEAST, END, 0, END, 0, fat_at
    )
    return head + struct.pack("<108I", *[FREE] * 108) + b"".join(sectors)


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    links = struct.pack("<III", FREE, FREE, FREE)
    return head + links + bytes(36) + struct.pack("<III", first, size, 0)


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def xls(*records: bytes) -> bytes:
    """Write a workbook whose globals hold these records."""
    begin = record(0x809, struct.pack("<HH", 0x0600, 5) + bytes(12))
    sheet = record(0x85, b"\x10\0\0\0\0\0\x03\0Tab")
    return ole(Workbook=begin + sheet + b"".join(records) + record(0x0A, b""))


def doc(template: str = "Normal.dotm", text: bytes = b"", flags: int = 0x0200) -> bytes:
    """Write a document that names `template` as its own."""
    names = ["", template]
    texts = b"".join(
        struct.pack("<H", len(name)) + name.encode("utf-16-le") for name in names
    )
    table = struct.pack("<HHH", 0xFFFF, len(names), 0) + texts
    places = bytes(8 * 32) + struct.pack("<II", 0, len(table)) + bytes(8 * 60)
    head = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x409, 0, flags).ljust(32, b"\0")
    numbers = struct.pack("<H", 14) + bytes(28) + struct.pack("<H", 22) + bytes(88)
    fib = head + numbers + struct.pack("<H", 93) + places
    return ole(WordDocument=fib + text, **{"1Table": table})

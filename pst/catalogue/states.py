"""The kinds of catalogue items, and where an item comes from."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What is published."""

    TABLE = "table"
    PUBLICATION = "publication"
    RELEASE = "release"
    INDICATOR = "indicator"
    FILE = "file"


class Origin(StrEnum):
    """Who says that it is published."""

    WEBAPI = "webapi"
    FILE = "file"
    OFFICER = "officer"
    # Invented items of an invented district, marked on every page that shows them.
    DEMO = "demo"

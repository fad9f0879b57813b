"""A browser in a network, and what a stranger types."""

from flask import Flask

from tests.journeys.conftest import Browser
from tests.people import email_of

WRONG = "bukan-kata-sandinya"
NEW = "rumah-kecil-di-tepi-serayu"
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


class Person(Browser):
    """A browser in a network."""

    def __init__(self, app: Flask, network: str = OFFICE) -> None:
        super().__init__(app)
        self.client.environ_base["REMOTE_ADDR"] = network

    def guess(self, name: str, password: str = WRONG) -> int:
        fields = {"email": email_of(name), "password": password}
        return self.post("/masuk", fields).status_code

"""Addresses that no mail server would take are refused before they are kept."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from pst.accounts.forms import EmailForm


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("siti@contoh.go.id", True),
        ("siti@b\u00fccher.test", True),  # written in punycode when mailed
        ("sit\u012b@contoh.go.id", False),
    ],
)
def test_an_address_can_be_written_to_or_is_refused(
    app: Flask, address: str, is_taken: bool
):
    with app.test_request_context():
        form = EmailForm(MultiDict({"email": address}))

        assert form.validate() is is_taken, form.errors

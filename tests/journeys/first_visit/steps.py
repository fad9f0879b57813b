"""What an admin does at the first visit."""

from flask import Flask

from tests.journeys.conftest import Browser

OPEN = "/admin/persiapan"
PASSWORD = "gunung-dieng-pagi-hari"
EMAIL = "ti@contoh.test"


def make_admin(app: Flask, email: str) -> None:
    result = app.test_cli_runner().invoke(
        args=["accounts", "create", email, "--name", "Tono"]
        + ["--role", "admin", "--password-stdin"],
        input=PASSWORD + "\n",
    )
    assert result.exit_code == 0, result.output


def post(admin: Browser, step: str, **form: str) -> str | None:
    """Send the form of a step; return where it leads."""
    answer = admin.post(f"{OPEN}/{step}", form)
    assert answer.status_code == 303, answer.text
    return answer.location

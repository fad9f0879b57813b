"""The settings of the server, `/etc/pst/pst.env`; what others added stays."""

import secrets
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from deploy.installer import places
from deploy.installer.answers import Answers
from deploy.installer.machine import Failed, write

HEAD = """\
# Settings of PST; after a change: systemctl restart 'pst-*'
# Made by deploy/install, which changes only what it was asked about.
"""
UNSAFE = set("'\"\\$`\n\r\0")


def read(path: Path = places.SETTINGS) -> dict[str, str]:
    """Read `NAME=value` lines, as systemd and the shell would."""
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text().splitlines():
        name, is_there, value = line.strip().partition("=")
        if is_there and not name.startswith("#"):
            if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
                value = value[1:-1]
            found[name] = value
    return found


def merged(answers: Answers, before: dict[str, str]) -> dict[str, str]:
    """Put the answers over the settings there are; the secret is made once."""
    port = "" if answers["https_port"] == "443" else f":{answers['https_port']}"
    return {
        **before,
        "PST_BASE_URL": f"https://{answers['domain']}{port}",
        "PST_DATA_DIR": str(places.DATA),
        "PST_REDIS_URL": f"unix://{places.REDIS_SOCKET}",
        "PST_SECRET_KEY": before.get("PST_SECRET_KEY") or secrets.token_urlsafe(48),
        "PST_MAIL_URL": mail_url(answers),
        "PST_MAIL_FROM": answers["mail_from"],
        "PST_DEMO": "0",
    }


def mail_url(answers: Answers) -> str:
    if not answers["smtp_server"]:
        return ""
    scheme = "smtps" if answers["smtp_port"] == "465" else "smtp"
    user = quote(answers["smtp_user"], safe="")
    if answers["smtp_password"]:
        user += f":{quote(answers['smtp_password'], safe='')}"
    at = "@" if user else ""
    return f"{scheme}://{user}{at}{answers['smtp_server']}:{answers['smtp_port']}"


def password_of(env: dict[str, str]) -> str:
    """Tell the password of the mail account that is set now."""
    return unquote(urlsplit(env.get("PST_MAIL_URL", "")).password or "")


def save(env: dict[str, str], path: Path = places.SETTINGS) -> bool:
    """Write them for root alone, in a form that systemd, shell and Python agree on."""
    for name, value in env.items():
        if UNSAFE & set(value):
            raise Failed(f"{name} in {path} must not hold quotes, \\, $ or `.")
    lines = [
        f"{name}={value}" if value.isalnum() or not value else f"{name}='{value}'"
        for name, value in env.items()
    ]
    return write(path, HEAD + "\n".join(lines) + "\n", mode=0o600)

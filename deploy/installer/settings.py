"""The settings of the server, `/etc/pst/pst.env`; what others added stays."""

import re
import runpy
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from deploy.installer import answers as questions
from deploy.installer import places
from deploy.installer.answers import Answers
from deploy.installer.machine import Failed, write

HEAD = f"""\
# Settings of PST; after a change: {places.COMMAND.name} restart
# Made by deploy/install, which changes only what it was asked about.
"""
UNSAFE = set("'\"\\$`\n\r\0")


# What each answer is made of; while these are as they stand, the setting is kept.
MAIL_ANSWERS = ("smtp_server", "smtp_port", "smtp_user", "smtp_password")
BASE_ANSWERS = ("domain", "https_port")
ESCAPED = re.compile(r"\\([\"\\$`])")

quoted: Callable[[str], str] = runpy.run_path(
    str(places.SOURCE / "pst/server/urls.py")
)["quoted"]


def read(path: Path = places.SETTINGS) -> dict[str, str]:
    """Read `NAME=value` lines, as systemd and the shell would."""
    if not path.exists():
        return {}
    return dict(filter(None, map(_setting_in, path.read_text().splitlines())))


def _setting_in(line: str) -> tuple[str, str] | None:
    name, is_there, value = line.strip().partition("=")
    if not is_there or name.startswith(("#", ";")):
        return None
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        is_double, value = value[0] == '"', value[1:-1]
        value = ESCAPED.sub(r"\1", value) if is_double else value
    return name, value


def answered(env: dict[str, str]) -> Answers:
    """Return what stands in the settings, in the words of the questions."""
    if not env:
        return {}
    base, mail = urlsplit(env.get("PST_BASE_URL", "")), _mail_of(env)
    answers = {"smtp_server": mail.hostname or ""}
    if mail.hostname:
        answers |= {
            "smtp_port": str(mail.port or (465 if mail.scheme == "smtps" else 25)),
            "smtp_user": unquote(mail.username or ""),
            "smtp_password": unquote(mail.password or ""),
            "mail_from": env.get("PST_MAIL_FROM", ""),
        }
    if base.hostname:
        answers |= {"domain": base.hostname, "https_port": str(base.port or 443)}
    return answers


def known_answers() -> Answers:
    """Return what was answered before; what stands in the settings since is newer."""
    before = questions.read(places.ANSWERS) if places.ANSWERS.exists() else {}
    return {**before, **answered(read())}


def merged(answers: Answers, before: dict[str, str]) -> dict[str, str]:
    """Put the answers over the settings there are; what they do not change stays.

    The secret is made once.
    """
    standing = answered(before)
    port = "" if answers["https_port"] == "443" else f":{answers['https_port']}"
    env = {
        **before,
        "PST_BASE_URL": f"https://{answers['domain']}{port}",
        "PST_DATA_DIR": before.get("PST_DATA_DIR") or str(places.DATA),
        "PST_REDIS_URL": before.get("PST_REDIS_URL") or f"unix://{places.REDIS_SOCKET}",
        "PST_SECRET_KEY": before.get("PST_SECRET_KEY") or secrets.token_urlsafe(48),
        "PST_AUDIT_KEY": before.get("PST_AUDIT_KEY") or secrets.token_urlsafe(48),
        "PST_MAIL_URL": mail_url(answers),
        "PST_MAIL_FROM": answers["mail_from"],
        "PST_DEMO": before.get("PST_DEMO") or "0",
    }
    if places.OFFICE:  # the first office has what the machine can give
        env.setdefault("PST_WEB_PROCESSES", "1")
    if before.get("PST_BASE_URL") and _are_same(BASE_ANSWERS, answers, standing):
        env["PST_BASE_URL"] = before["PST_BASE_URL"]
    if before.get("PST_MAIL_URL") and _are_same(MAIL_ANSWERS, answers, standing):
        env["PST_MAIL_URL"] = quoted(before["PST_MAIL_URL"])
    return env


def _are_same(names: tuple[str, ...], answers: Answers, standing: Answers) -> bool:
    return all(answers[name] == standing.get(name) for name in names)


def mail_url(answers: Answers) -> str:
    if not answers["smtp_server"]:
        return ""
    scheme = "smtps" if answers["smtp_port"] == "465" else "smtp"
    user = quote(answers["smtp_user"], safe="")
    if answers["smtp_password"]:
        user += f":{quote(answers['smtp_password'], safe='')}"
    at = "@" if user else ""
    return f"{scheme}://{user}{at}{answers['smtp_server']}:{answers['smtp_port']}"


def _mail_of(env: dict[str, str]) -> SplitResult:
    """Take the address of the mail server apart, however its password was written."""
    parts = urlsplit(quoted(env.get("PST_MAIL_URL", "")))
    try:
        _ = parts.port
    except ValueError as error:
        raise Failed(f"PST_MAIL_URL in {places.SETTINGS}: {error}.") from error
    return parts


def save(env: dict[str, str], path: Path = places.SETTINGS) -> bool:
    """Write them for root alone, in a form that systemd, shell and Python agree on.

    Lines that are no settings, as remarks, stay where they are.
    """
    for name, value in env.items():
        if UNSAFE & set(value):
            raise Failed(f"{name} in {path} must not hold quotes, \\, $ or `.")
    lines, rest = [], dict(env)
    for line in path.read_text().splitlines() if path.exists() else HEAD.splitlines():
        setting = _setting_in(line)
        if setting is None:
            lines.append(line)
        elif setting[0] in rest:
            lines.append(_line(setting[0], rest.pop(setting[0])))
    lines += [_line(name, value) for name, value in rest.items()]
    return write(path, "\n".join(lines) + "\n", mode=0o600)


def _line(name: str, value: str) -> str:
    return f"{name}={value}" if value.isalnum() or not value else f"{name}='{value}'"

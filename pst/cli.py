"""The commands: `flask accounts`, `flask jobs`, and those of the features."""

import importlib
import sys
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from pst import prepare
from pst.accounts.forms import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from pst.accounts.mails import mail_invitation
from pst.accounts.passwords import UNUSABLE, hash_password
from pst.accounts.users import AddressTaken, User
from pst.admin import job_runs
from pst.database import transaction
from pst.demo import people
from pst.text.visible import is_visible
from pst.timetable import JOBS
from pst.web.access import Role
from pst.web.forms.fields import normal_email

# Features with commands of their own register them here: module → names of groups.
FEATURES: dict[str, tuple[str, ...]] = {
    "pst.classifications.commands": ("classifications",),
    "pst.regions.commands": ("regions",),
    "pst.consultations.desk.conversation_search": ("consultations",),
    "pst.catalogue.commands": ("catalogue",),
    "pst.knowledge.commands": ("articles", "search"),
    "pst.admin.commands": ("audit", "data", "supply"),
    "pst.personal_data.commands": ("personal",),
    "pst.province.commands": ("province",),
    "pst.admin.backups.commands": ("backup",),
    "pst.admin.continuous_copy.commands": ("copy",),
    "pst.outbox.incoming.commands": ("outbox",),
}

accounts = AppGroup("accounts", help="Make and change accounts.")
jobs = AppGroup("jobs", help="Run scheduled jobs by hand.")


class Migrations(click.Command):
    """The commands of Flask-Migrate, loaded when one of them is wanted."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        return importlib.import_module("flask_migrate.cli").db.make_context(
            *args, **more
        )


migrations = Migrations("db", help="Perform database migrations.")


def init_app(app: Flask) -> None:
    for group in (accounts, jobs, people.group, prepare.prepare, migrations):
        app.cli.add_command(group)
    for module, names in FEATURES.items():
        for name in names:
            app.cli.add_command(getattr(importlib.import_module(module), name))


@accounts.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
def create_account(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Make an account, verified at once."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise click.ClickException(
            f"The password needs {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH}"
            " characters."
        )
    if not is_visible(name):
        raise click.ClickException("The name is empty.")
    if "@" not in email:
        raise click.ClickException(f"{email} is no e-mail address.")
    password_hash = hash_password(password)
    try:
        with transaction():
            User.register(email, name, password_hash, role=Role(role)).verify()
    except AddressTaken as error:
        raise click.ClickException(f"{email} has an account already.") from error
    click.echo(f"{normal_email(email)} can log in as {role}.")


@accounts.command("invite")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--first", is_flag=True, help="Only when no one has this role yet.")
def invite(email: str, name: str, role: str, first: bool) -> None:
    """Make an account, mail its link to a first password, and print the link too."""
    if not is_visible(name):
        raise click.ClickException("The name is empty.")
    with transaction():
        if first and User.serving(Role(role)):
            return
        user = User.with_email(email)
        if user is None:
            user = User.register(email, name, UNUSABLE, role=Role(role))
        elif user.has_chosen_password:
            raise click.ClickException(f"{email} has an account already.")
        url = mail_invitation(user)
    click.echo(url)


@jobs.command("run")
@click.argument("name", type=click.Choice(sorted(JOBS)))
def run_job(name: str) -> None:
    """Run one scheduled job once, now."""
    job_runs.run(name, JOBS[name])
    click.echo(f"{name}: done.")

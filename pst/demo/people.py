"""Commands that make demo people and a demo office; refused without `PST_DEMO`."""

from dataclasses import dataclass

import click
from flask import current_app
from flask.cli import AppGroup

from pst.accounts.consents import Consent, ConsentPurpose
from pst.accounts.passwords import hash_password
from pst.accounts.users import User
from pst.database import transaction
from pst.demo.office import BusyOffice
from pst.office import settings, setup
from pst.web.access import Role

group = AppGroup("demo", help="Demo people; never in production.")


@dataclass(frozen=True)
class Person:
    """A person to log in as."""

    name: str
    email: str
    role: Role
    institution_kind: str | None = None
    institution: str | None = None
    occupation: str | None = None


PASSWORD = "coba-konsultasi-2026"
PEOPLE = (
    Person(
        "Siti Rahayu",
        "siti@contoh.test",
        Role.USER,
        "pendidikan",
        "Universitas Jenderal Soedirman",
        "pelajar",
    ),
    Person(
        "Dewi Lestari",
        "dewi@contoh.test",
        Role.USER,
        "pemda",
        "Bappeda Kabupaten Banjarnegara",
        "asn",
    ),
    Person("Budi Santoso", "budi@contoh.test", Role.OFFICER),
    Person("Rina Wijaya", "rina@contoh.test", Role.OFFICER),
    Person("Hasan Basri", "hasan@contoh.test", Role.HEAD),
    Person("Andi Pratama", "andi@contoh.test", Role.ADMIN),
)


@group.command("people")
def make_people() -> None:
    """Make the demo people that are missing, and print how to log in."""
    if not current_app.config["PST"].demo:
        raise click.ClickException("Demo people are made only with PST_DEMO=1.")
    password_hash = hash_password(PASSWORD)
    with transaction():
        for person in PEOPLE:
            if User.with_email(person.email) is None:
                register(person, password_hash)
    click.echo(f"Demo people (password {PASSWORD}):")
    click.echo("Two-step log-in is not required here; a new installation requires it.")
    for person in PEOPLE:
        click.echo(f"  {person.email:20} {person.role.value:8} {person.name}")


def register(person: Person, password_hash: str) -> None:
    user = User.register(
        person.email,
        person.name,
        password_hash,
        role=person.role,
        consent_version=settings.current().consent_version,
        institution_kind=person.institution_kind,
        institution=person.institution,
        occupation=person.occupation,
    )
    user.verify()
    if person.role is Role.ADMIN:
        setup.cancel()
    if person.role is Role.USER:
        Consent.give(user, ConsentPurpose.SERVICE, settings.current().consent_version)


@group.command("office")
@click.option("--open", "opened", default=2_000, show_default=True)
@click.option("--closed", default=40_000, show_default=True)
def make_office(opened: int, closed: int) -> None:
    """Make a busy office: 5 more officers, and years of consultations."""
    if not current_app.config["PST"].demo:
        raise click.ClickException("A demo office is made only with PST_DEMO=1.")
    with transaction():
        BusyOffice(opened, closed).make()
    click.echo(f"{opened} open and {closed} closed consultations made.")

"""What an account's row holds after each step of its life, and what the trail says."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.log_ins import LogIn, ProviderLogIn
from pst.accounts.passwords import UNUSABLE
from pst.accounts.users import User
from pst.accounts.visitors import visit, visits_of
from pst.database import db
from pst.office import audit
from pst.rules import WrongState
from pst.web.access import Role


def trail(action: str) -> list[tuple[str, int | None]]:
    entry = audit.AuditEntry
    query = sa.select(entry.subject, entry.actor_id).filter_by(action=action)
    return [tuple(row) for row in db.session.execute(query.order_by(entry.id))]


def newcomer(**about: object) -> User:
    return User.register("baru@contoh.test", "Baru", "hash-1", **about)


def test_a_registration_is_the_persons_own_act_and_an_account_the_admins(andi, at):
    own = newcomer(consent_version="2026-1", occupation="asn")
    head = User.register("staf@contoh.test", "Staf", "x", role=Role.HEAD, by=andi)

    assert trail("register")[-2:] == [(own.subject, own.id), (head.subject, andi.id)]
    assert (own.consented_at, own.consent_version) == (clock.now(), "2026-1")
    assert (head.consented_at, head.consent_version) == (None, None)
    assert (own.role, head.role, own.occupation) == (Role.USER, Role.HEAD, "asn")
    for account in (own, head):
        assert account.active and account.wants_notices and not account.is_visitor
        assert account.verified_at is None and account.created_at == clock.now()


def test_who_registers_again_begins_again(context, at):
    user = newcomer(consent_version="1", institution="Dinas A", occupation="asn")
    _, token = LogIn.open(user, "telepon")
    db.session.flush()
    at("2026-03-02 10:00+07:00")

    user.register_again(
        "Baru Sekali",
        "hash-2",
        consent_version="2",
        institution_kind="pemda",
        institution="Dinas B",
        occupation="pelajar",
    )
    db.session.flush()

    assert (user.name, user.password_hash) == ("Baru Sekali", "hash-2")
    assert (user.institution_kind, user.institution) == ("pemda", "Dinas B")
    assert user.occupation == "pelajar"
    assert (user.consented_at, user.consent_version) == (clock.now(), "2")
    assert LogIn.with_token(token) is None


def test_the_first_proof_of_an_address_is_the_one_that_counts(context, at):
    user, begin = newcomer(), clock.now()
    user.verify()
    at(begin + timedelta(days=1))
    user.verify()

    assert user.verified_at == begin
    assert trail("verify").count((user.subject, user.id)) == 1


def test_an_erased_row_names_no_one_and_says_who_erased_it(siti, dewi, andi, at):
    siti.phone, siti.nip, siti.reachable_at = "0812", "123456789", "s@contoh.test"
    siti.two_step_at = clock.now()
    siti.erase(andi)
    dewi.erase(None)

    for word in (siti.name, siti.email, siti.institution):
        assert "iti" not in (word or "")
    assert (siti.phone, siti.nip, siti.reachable_at) == (None, None, None)
    assert siti.password_hash == UNUSABLE and not siti.active
    assert not siti.is_verified and not siti.has_two_step
    assert siti.erased_at == clock.now() and siti.is_erased
    assert not siti.can_be_mailed
    assert siti.email != dewi.email
    assert trail("erase") == [(siti.subject, andi.id), (dewi.subject, None)]


def test_closing_and_opening_an_account_is_noted_when_it_changes_something(budi, andi):
    for _ in range(2):
        budi.deactivate(andi)
    for _ in range(2):
        budi.activate(andi)

    assert trail("deactivate") == [(budi.subject, andi.id)]
    assert trail("activate") == [(budi.subject, andi.id)]


def test_the_same_role_once_more_ends_nothing(budi, andi):
    _, token = LogIn.open(budi, "komputer")
    db.session.flush()

    budi.change_role(Role.OFFICER, andi)
    db.session.flush()
    assert LogIn.with_token(token) and trail("change_role") == []

    budi.change_role(Role.HEAD, andi)
    detail = sa.select(audit.AuditEntry.detail).filter_by(action="change_role")
    assert db.session.scalar(detail) == {"before": "officer", "after": "head"}


def test_notices_are_chosen_once(siti):
    siti.choose_notices(True)
    assert trail("choose_notices") == []
    siti.choose_notices(False)
    assert not siti.wants_notices
    assert trail("choose_notices") == [(siti.subject, siti.id)]


def test_those_who_serve_are_the_active_ones_by_name(budi, rina, hasan, andi):
    assert User.serving(Role.OFFICER) == [budi, rina]
    names = [user.name for user in User.serving(Role.HEAD, Role.OFFICER)]
    assert names == sorted(user.name for user in (budi, rina, hasan))
    rina.deactivate(andi)
    assert User.serving(Role.OFFICER) == [budi]


def test_an_address_is_corrected_only_before_it_is_proved(siti):
    user = newcomer()
    user.correct_address(" LAIN@contoh.test")
    assert user.email == "lain@contoh.test"
    with pytest.raises(AssertionError):
        siti.correct_address("lain2@contoh.test")
    assert siti.email == "siti@contoh.test"


def test_a_number_that_is_left_out_is_none(budi):
    budi.change_profile("Budi S.", nip="198001012005011001")
    assert budi.nip == "198001012005011001"
    budi.change_profile("Budi S.", nip="")
    assert budi.nip is None


def test_a_log_in_is_noted_and_puts_off_the_end_of_the_account(siti, at):
    siti.expiry_told_at = clock.now() - timedelta(days=3)
    row, _ = LogIn.open(siti, "x" * 300, "192.0.2.1")

    assert siti.last_log_in_at == clock.now()
    assert siti.expiry_told_at is None, "it is used again"
    assert (len(row.device), row.address, row.shared) == (200, "192.0.2.1", False)
    db.session.flush()
    row.close()
    db.session.flush()
    assert LogIn.of(siti) == []
    assert trail("log_in") == trail("log_out") == [(siti.subject, siti.id)]


def test_the_log_ins_of_a_person_are_listed_last_seen_first(siti, dewi, at):
    first, _ = LogIn.open(siti, "pertama")
    at("2026-03-02 09:10+07:00")
    second, _ = LogIn.open(siti, "kedua")
    LogIn.open(dewi, "lain")
    db.session.flush()
    assert LogIn.of(siti) == [second, first]

    at("2026-03-02 09:20+07:00")
    first.see()
    db.session.flush()
    assert LogIn.of(siti) == [first, second]
    LogIn.end_others(None)
    assert len(LogIn.of(siti)) == 2


def test_being_there_is_noted_every_five_minutes(siti, at):
    row, _ = LogIn.open(siti, "telepon")
    at("2026-03-02 09:04:59+07:00")
    assert not row.is_seen_long_ago
    at("2026-03-02 09:05+07:00")
    assert row.is_seen_long_ago
    row.see()
    assert not row.is_seen_long_ago


def test_no_cookie_holds_the_providers_token():
    leave = "https://sso.example/keluar?a=1&id_token_hint=eyJ&b=2"
    assert (
        ProviderLogIn(leave_url=leave).short_leave
        == "https://sso.example/keluar?a=1&b=2"
    )
    assert ProviderLogIn().short_leave is None


def test_a_visitor_opens_nothing_and_gets_no_notices(context, at):
    karto = visit("k", institution="Desa", phone="0812", occupation="lainnya")

    assert karto.name == "Pengunjung" and karto.role is Role.USER
    assert karto.is_visitor and not karto.active and not karto.wants_notices
    assert (karto.institution, karto.phone) == ("Desa", "0812")
    assert karto.occupation == "lainnya"
    assert not karto.has_chosen_password


def test_visits_under_ones_address_are_ones_own_once_it_is_proved(siti, dewi, at):
    mine = visit("a", "Siti", reachable_at="Siti@Contoh.test")
    visit("b", "Dewi", reachable_at="dewi@contoh.test")
    visit("c", "Orang lain")
    assert visits_of(siti) == [mine]
    assert visits_of(mine) == []

    siti.verified_at = None
    assert visits_of(siti) == []


def test_only_a_person_without_a_password_waits_for_an_invitation(context, andi):
    invited = User.register("staf@contoh.test", "Staf", UNUSABLE, by=andi)
    assert not invited.has_chosen_password
    invited.change_password("hash")
    with pytest.raises(WrongState):
        invited.require_uninvited()

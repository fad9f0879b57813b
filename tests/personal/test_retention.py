"""What is past its time is erased, one day neither sooner nor much later."""

from datetime import timedelta

import pytest

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.visitors import visit
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.knowledge.searches.search_log import SearchLog, SearchPlace
from pst.office import audit, settings
from pst.office.audit import AuditEntry
from pst.outbox.models import Delivery, OutboxMail
from pst.personal_data import erasure, retention
from pst.personal_data.retention import keep_no_longer, months_before
from tests.kept_files import attached
from tests.personal.conftest import SECRET
from tests.personal.stored import everything_stored
from tests.postgresql import of_sqlite


@pytest.fixture
def mailed(context):
    """Read the kinds of mails that were written to an address."""

    def kinds(address: str) -> list[str]:
        rows = db.session.scalars(db.select(OutboxMail).filter_by(to_address=address))
        return [row.kind for row in rows]

    return kinds


def test_months_go_back_to_the_end_of_a_shorter_one(at):
    at("2026-03-31 12:00+00:00")
    now = clock.now()

    assert months_before(now, 1).date().isoformat() == "2026-02-28"
    assert months_before(now, 12).date().isoformat() == "2025-03-31"
    assert months_before(now, 15).date().isoformat() == "2024-12-31"


def test_a_conversation_is_erased_after_its_time_and_not_before(spoken, at):
    at("2031-03-02 09:00+07:00")
    keep_no_longer()
    assert not db.session.get_one(Consultation, spoken.id).is_erased

    at("2031-03-02 09:00:01+07:00")
    keep_no_longer()
    assert db.session.get_one(Consultation, spoken.id).is_erased


def test_its_files_go_sooner(spoken, at):
    at("2028-03-02 09:00+07:00")
    keep_no_longer()
    assert any(message.attachments for message in spoken.messages)

    at("2028-03-02 09:00:01+07:00")
    keep_no_longer()
    consultation = db.session.get_one(Consultation, spoken.id)
    assert not any(message.attachments for message in consultation.messages)
    assert not consultation.is_erased
    assert not attached()


def test_the_owner_of_an_unused_account_is_told_before_it_is_erased(siti, at, mailed):
    at("2028-03-02 09:01+07:00")
    keep_no_longer()
    keep_no_longer()
    db.session.refresh(siti)
    assert mailed("siti@contoh.test").count("account_expiring") == 1
    warning = db.select(OutboxMail.body).filter_by(kind="account_expiring")
    assert "1 April 2028" in db.session.scalars(warning).first()
    assert not siti.is_erased

    at("2028-04-01 09:00+07:00")
    keep_no_longer()
    db.session.refresh(siti)
    assert not siti.is_erased, "thirty days are not over"

    at("2028-04-01 09:01+07:00")
    keep_no_longer()
    db.session.refresh(siti)
    assert siti.is_erased

    at("2032-04-01 09:01+07:00")
    keep_no_longer()
    left = retention.counts()
    assert left["accounts_told"] == left["accounts"] == 0, "who is gone is gone"


def test_a_person_who_logs_in_again_keeps_the_account(siti, at):
    at("2028-03-02 09:01+07:00")
    keep_no_longer()
    LogIn.open(db.session.merge(siti), "telepon")
    db.session.commit()

    at("2028-05-02 09:02+07:00")
    keep_no_longer()

    db.session.refresh(siti)
    assert not siti.is_erased
    assert siti.expiry_told_at is None


def test_officers_accounts_do_not_expire(budi, at):
    at("2036-03-02 09:00+07:00")
    keep_no_longer()

    db.session.refresh(budi)
    assert not budi.is_erased


def test_old_mails_go_unless_they_are_still_owed(siti, at):
    mail = OutboxMail.put("erased", to=siti.mailbox, cause="a")
    owed = OutboxMail.put("password_changed", to=siti.mailbox, cause="b")
    failed = OutboxMail.put("password_changed", to=siti.mailbox, cause="c")
    mail.state, failed.state = Delivery.SENT, Delivery.FAILED
    db.session.commit()
    gone_ids, owed_id = (mail.id, failed.id), owed.id

    at("2027-03-03 09:00+07:00")
    keep_no_longer()

    assert [db.session.get(OutboxMail, id) for id in gone_ids] == [None, None]
    assert db.session.get(OutboxMail, owed_id) is not None


def test_searches_go_after_their_time_and_not_before(context, at):
    at("2026-03-02 09:00+07:00")
    with transaction():
        SearchLog.keep("abc", "jumlah penduduk", 3, SearchPlace.PAGE)

    at("2028-03-02 08:59+07:00")
    keep_no_longer()
    assert db.session.scalar(db.select(SearchLog)) is not None

    at("2028-03-02 09:01+07:00")
    keep_no_longer()
    assert db.session.scalar(db.select(SearchLog)) is None


def test_the_dry_run_counts_and_changes_nothing(spoken, at, app):
    at("2031-03-02 09:01+07:00")

    result = app.test_cli_runner().invoke(args=["personal", "retention", "--dry-run"])

    assert "conversations: 1" in result.output
    assert not db.session.get_one(Consultation, spoken.id).is_erased
    assert retention.counts()["conversations"] == 1


def test_the_periods_are_settings(spoken, at):
    settings.change({"keep_conversations_months": 12})
    db.session.commit()

    at("2027-03-02 09:01+07:00")
    keep_no_longer()

    assert db.session.get_one(Consultation, spoken.id).is_erased


def entries() -> list[dict[str, int]]:
    rows = db.session.scalars(db.select(AuditEntry).filter_by(action="retention"))
    return [row.detail for row in rows]


def test_the_trail_says_how_much_of_each_kind_went(spoken, at):
    at("2031-03-02 08:59+07:00")
    keep_no_longer()
    before = len(entries())
    at("2031-03-02 09:01+07:00")
    keep_no_longer()
    assert [entry["conversations"] for entry in entries()[before:]] == [1]

    keep_no_longer()
    assert len(entries()) == before + 1, "a night on which nothing went is no entry"


@of_sqlite
def test_words_left_in_the_index_while_redis_was_away_go_by_night(spoken, at):
    at("2026-03-20 09:00+07:00")
    erasure.erase_conversation(spoken, by=None)
    db.session.commit()
    assert SECRET in everything_stored(), "the worker was never rung"

    at("2026-03-21 02:00+07:00")
    keep_no_longer()

    assert SECRET not in everything_stored()


def test_an_index_is_gone_through_only_when_something_was_erased_lately(
    context, at, monkeypatch
):
    times: list[bool] = []
    monkeypatch.setattr(retention, "forget_words", lambda: times.append(True))
    audit.record("erase", "consultation:KS-2026-000001", None)
    db.session.commit()
    erased_at = clock.now()
    for seconds, count in ((0, 1), (1, 1)):
        at(erased_at + timedelta(days=2, seconds=seconds))
        audit.record("log_in", "user:1", 1)
        db.session.commit()
        keep_no_longer()
        assert len(times) == count


def test_a_visitor_is_not_told_of_an_account_that_they_never_had(context, at, mailed):
    visitor = visit("a", "Bu Tini", reachable_at="tini@contoh.test")
    db.session.commit()

    at("2028-03-02 09:01+07:00")
    keep_no_longer()
    db.session.refresh(visitor)
    assert mailed("tini@contoh.test") == []
    assert visitor.expiry_told_at is not None

    at("2028-04-01 09:01+07:00")
    keep_no_longer()
    db.session.refresh(visitor)
    assert visitor.is_erased
    assert mailed("tini@contoh.test") == []


def test_the_trail_counts_all_that_went(context, at):
    with transaction():
        for key in ("abc", "abd", "abe"):
            SearchLog.keep(key, "jumlah penduduk", 3, SearchPlace.PAGE)

    at("2028-03-02 09:01+07:00")
    keep_no_longer()

    assert [entry["searches"] for entry in entries()] == [3]

"""What comments are about: suggested, decided, counted, quoted."""

import pytest

from pst.database import db
from pst.feedback.models import Rating
from pst.office.audit import AuditEntry
from pst.reports.figures.comments import Comments
from pst.reports.figures.themes import CommentTheme, suggested, themes
from pst.reports.models import Report
from pst.reports.queries import Contents
from tests.reports.conftest import MARCH


@pytest.mark.parametrize(
    ("comment", "theme"),
    [
        ("Jawabannya lama sekali, saya menunggu.", "speed"),
        ("Penjelasannya kurang rinci.", "clarity"),
        ("Petugasnya ramah dan sopan.", "attitude"),
        ("Aplikasinya sulit dipakai.", "system"),
        ("Terima kasih.", "other"),
    ],
)
def test_a_theme_is_suggested_from_the_words(comment, theme):
    assert suggested(comment) == theme


def test_every_theme_has_its_own_code():
    codes = [theme.code for theme in themes()]

    assert len(set(codes)) == len(codes)


@pytest.fixture
def comments(asked, at) -> Comments:
    at("2026-03-03 09:00+07:00")
    for score, text in ((1, "Lama. Siti."), (5, "Jelas."), (4, "")):
        consultation = asked(
            "2026-03-02 09:00+07:00",
            answered_at="2026-03-02 10:00+07:00",
            closed_at="2026-03-02 11:00+07:00",
        )
        Rating.leave(consultation, score, text)
    db.session.commit()
    return Comments(MARCH)


def test_comments_are_listed_lowest_first_and_empty_ones_not(comments):
    assert [each.rating.comment for each in comments.entries] == [
        "Lama. Siti.",
        "Jelas.",
    ]
    assert comments.decided == 0


def test_a_decision_is_counted_and_quoted_without_names(comments, march, budi):
    comments.entries[0].decide("speed", "Lama, kata Siti.", budi)
    db.session.commit()

    figures = march()

    assert comments.decided == 1
    assert figures["themes"] == [
        {"theme": "", "count": 1, "mean": 5.0},
        {"theme": "speed", "count": 1, "mean": 1.0},
    ]
    contents = Contents(Report.draft(MARCH, budi))
    assert [row["quote"] for row in contents.quotes] == ["Lama, kata [nama]."]


def test_a_decision_can_be_changed(comments, budi):
    rating = comments.entries[0].rating
    CommentTheme.decide(rating, "speed", "", budi)
    CommentTheme.decide(rating, "other", "", budi)
    db.session.commit()

    assert db.session.get(CommentTheme, rating.id).theme == "other"


def test_who_decided_is_noted_and_a_repeat_is_no_decision(comments, budi):
    rating = comments.entries[0].rating
    for _ in range(2):
        CommentTheme.decide(rating, "speed", "", budi)
    db.session.commit()

    [entry] = db.session.query(AuditEntry).filter_by(action="decide_theme")
    assert (entry.subject, entry.actor_id) == (f"rating:{rating.id}", budi.id)
    assert entry.detail == {"theme": "speed"}


def test_an_unknown_theme_is_refused(comments, budi):
    with pytest.raises(ValueError, match="no theme"):
        CommentTheme.decide(comments.entries[0].rating, "x", "", budi)


def test_recurring_words_are_counted_once_a_comment(asked, march, at):
    at("2026-03-03 09:00+07:00")
    for text in ("Jelas, jelas sekali.", "Kurang jelas.", "Cepat."):
        consultation = asked(
            "2026-03-02 09:00+07:00", closed_at="2026-03-02 11:00+07:00"
        )
        Rating.leave(consultation, 4, text)
    db.session.commit()

    assert dict(march()["words"])["jelas"] == 2
    assert "cepat" not in dict(march()["words"])


def test_words_that_are_equally_frequent_stand_by_the_alphabet(asked, march, at):
    at("2026-03-03 09:00+07:00")
    for _ in range(2):
        consultation = asked(
            "2026-03-02 09:00+07:00", closed_at="2026-03-02 11:00+07:00"
        )
        Rating.leave(consultation, 4, "Tanggap, sopan, rinci, ramah, cepat.")
    db.session.commit()

    words = [word for word, _ in march()["words"]]

    assert words == ["cepat", "ramah", "rinci", "sopan", "tanggap"]

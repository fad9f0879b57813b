"""A word that few people used could be the name of one of them: it is not told."""

from pst.accounts.visitors import visit
from pst.consultations.messages import ERASED
from pst.database import db
from pst.feedback.models import Rating
from pst.reports.figures.comment_figures import CommentFigures
from pst.reports.figures.demand_figures import DemandFigures
from pst.reports.figures.themes import themes
from tests.reports.conftest import MARCH


def words_of_period() -> dict[str, int]:
    return dict(DemandFigures(MARCH).subjects)


def test_a_word_of_three_people_is_told_and_of_two_is_not(asked, siti, dewi):
    for user in (siti, dewi, siti):
        asked("2026-03-01 09:00+07:00", user=user).subject = "Luas embung"
    db.session.commit()
    assert "embung" not in words_of_period()

    third = visit("a", "Pak Karto")
    asked("2026-03-31 23:59+07:00", user=third).subject = "EMBUNG di Wanadadi"
    asked("2026-04-01 00:00+07:00", user=third).subject = "Embung lagi"
    asked("2026-03-02 09:00+07:00", user=third).subject = ERASED
    db.session.commit()

    assert words_of_period()["embung"] == 4
    assert "wanadadi" not in words_of_period()


def test_no_more_than_fifteen_words_are_told(asked, siti, dewi):
    people = (siti, dewi, visit("a", "Pak Karto"))
    words = [f"{a}{b}kora" for a in "bdgkm" for b in "aiuo"]
    for user in people:
        asked("2026-03-01 09:00+07:00", user=user).subject = " ".join(words)
    db.session.commit()

    assert len(words_of_period()) == 15


def test_every_theme_is_hinted_at_by_some_word_but_the_last():
    assert [theme.code for theme in themes() if not theme.stems] in ([], ["other"])


def test_no_more_than_fifteen_words_of_comments_are_told(asked, at):
    at("2026-03-03 09:00+07:00")
    words = [f"{a}{b}kora" for a in "bdgkm" for b in "aiuo"]
    for _ in range(2):
        consultation = asked(
            "2026-03-02 09:00+07:00", closed_at="2026-03-02 11:00+07:00"
        )
        Rating.leave(consultation, 4, " ".join(words))
    db.session.commit()

    assert len(CommentFigures(MARCH).words) == 15

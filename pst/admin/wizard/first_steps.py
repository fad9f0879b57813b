"""What the pages of the set-up read."""

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from pst.database import db
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.exchange.entries import starter
from pst.knowledge.models import Article
from pst.office import setup
from pst.office.setup import SetupProgress, WizardStep
from pst.outbox.models import Delivery, OutboxMail

TEST_MAIL = "test_mail"


@dataclass
class Steps:
    """The steps, how far each has got, and which one is shown."""

    current: WizardStep | None = None

    @cached_property
    def progress(self) -> dict[WizardStep, SetupProgress]:
        return setup.progress()

    @property
    def all(self) -> list[tuple[WizardStep, SetupProgress]]:
        """Each step with how far it has got."""
        return [
            (step, self.progress.get(step, SetupProgress.OPEN)) for step in WizardStep
        ]

    @property
    def count(self) -> int:
        return len(WizardStep)

    @property
    def done(self) -> int:
        return sum(state is SetupProgress.DONE for _, state in self.all)

    @property
    def place(self) -> int:
        """Return the number of the step that is shown."""
        return list(WizardStep).index(self.current) + 1 if self.current else 0

    @property
    def next_open(self) -> WizardStep | None:
        """Name the step to go on with."""
        return next((s for s, state in self.all if state is SetupProgress.OPEN), None)

    @property
    def open_points(self) -> list[WizardStep]:
        return [step for step, state in self.all if state is not SetupProgress.DONE]


def after(step: WizardStep) -> WizardStep | None:
    """Name the step behind `step`."""
    return dict(zip(WizardStep, list(WizardStep)[1:], strict=False)).get(step)


@dataclass
class TestMail:
    """The last test mail, and what became of it."""

    __test__ = False  # not a test, though pytest would take it for one

    has_server: bool

    @cached_property
    def letter(self) -> OutboxMail | None:
        query = sa.select(OutboxMail).filter_by(kind=TEST_MAIL)
        return db.session.scalar(query.order_by(OutboxMail.id.desc()).limit(1))

    @property
    def is_on_its_way(self) -> bool:
        """Return whether it is worth looking again in a moment."""
        letter = self.letter
        return bool(self.has_server and letter and letter.state is Delivery.OWED)

    @property
    def has_gone(self) -> bool:
        return bool(self.letter and self.letter.state is Delivery.SENT)


@dataclass
class StarterArticles:
    """The articles an office may begin with, by topic, and which it has."""

    @cached_property
    def contents(self) -> dict[str, Content]:
        return starter()

    @cached_property
    def existing_slugs(self) -> set[str]:
        """The slugs that are taken; a few hundred at most."""
        query = sa.select(Article.slug).where(Article.slug.in_(list(self.contents)))
        return set(db.session.scalars(query))

    @property
    def groups(self) -> list[tuple[Topic, list[tuple[str, Content]]]]:
        """Each topic with what may still be had of it."""
        rest = [
            (s, c) for s, c in self.contents.items() if s not in self.existing_slugs
        ]
        groups = [(t, [(s, c) for s, c in rest if c.topic is t]) for t in Topic]
        return [(topic, articles) for topic, articles in groups if articles]

    @property
    def count(self) -> int:
        return len(self.contents) - len(self.existing_slugs)

    def choose(self, topics: list[str], slugs: list[str]) -> dict[str, Content]:
        """Pick what is wanted: whole topics, and single articles."""
        return {
            slug: content
            for slug, content in self.contents.items()
            if slug not in self.existing_slugs
            and (content.topic in topics or slug in slugs)
        }

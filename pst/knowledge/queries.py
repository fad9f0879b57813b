"""What pages read of articles: search, lists, versions, and what is missing."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import cached_property
from itertools import islice

import sqlalchemy as sa
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy.orm import joinedload

from pst import clock
from pst.accounts.models import User
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.database import db
from pst.knowledge import privacy, search
from pst.knowledge.forms import texts
from pst.knowledge.models import Article, Content, Revision, State, Topic
from pst.knowledge.plain import plain
from pst.knowledge.traces import ArticleVote, SearchLog, meaning_of, new_key
from pst.knowledge.vocabulary import SynonymGroup
from pst.pages import link

PAGE_LENGTH = 25
GAP_DAYS = 90
GAPS_SHOWN = 40
CHOICE_LENGTH = 4000


@dataclass
class Results:
    """What a search found, for its page."""

    words: str
    topic: str | None = None
    limit: int = 10
    # More of what is asked, when a consultation is about to be filed.
    text: str = ""
    key: str = field(default_factory=new_key)

    @cached_property
    def answer(self) -> search.Answer:
        if not self.words.strip():
            return search.Answer()
        connection = db.session.connection()
        if self.text.strip():
            return search.about(connection, self.words, self.text, self.limit)
        return search.search(connection, self.words, self.limit, category=self.topic)

    @property
    def hits(self) -> tuple[search.Hit, ...]:
        return self.answer.hits

    @property
    def is_asked(self) -> bool:
        return bool(self.words.strip())


def suggestions(words: str, limit: int = 5) -> tuple[search.Hit, ...]:
    """Articles for what is being typed."""
    if len(words.strip()) < 3:
        return ()
    return search.suggest(db.session.connection(), words, limit)


def related(article: Article) -> tuple[search.Hit, ...]:
    return search.related(db.session.connection(), article.id)


@dataclass
class ArticleList:
    """Articles for officers, the newest change first."""

    state: State | None = None
    words: str = ""
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        query = sa.select(Article).options(
            joinedload(Article.latest).joinedload(Revision.author)
        )
        if self.state is not None:
            query = query.where(Article.state == self.state)
        if self.words.strip():
            title = Revision.title.contains(self.words.strip(), autoescape=True)
            query = query.where(Article.latest.has(title))
        return db.paginate(
            query.order_by(Article.changed_at.desc(), Article.id.desc()),
            page=self.page,
            per_page=PAGE_LENGTH,
            max_per_page=PAGE_LENGTH,
        )

    @cached_property
    def counts(self) -> dict[State, int]:
        rows = db.session.execute(
            sa.select(Article.state, sa.func.count()).group_by(Article.state)
        )
        return {state: count for state, count in rows}

    @cached_property
    def to_look_at(self) -> int:
        """How many published articles are past the day to look at them again."""
        return (
            db.session.scalar(
                sa.select(sa.func.count())
                .select_from(Article)
                .join(Article.published)
                .where(Revision.review_on < clock.now().date())
            )
            or 0
        )


@dataclass
class Votes:
    """What readers said of one article."""

    article: Article

    @cached_property
    def rows(self) -> list[ArticleVote]:
        return list(
            db.session.scalars(
                sa.select(ArticleVote)
                .filter_by(article_id=self.article.id)
                .order_by(ArticleVote.id.desc())
                .limit(500)
            )
        )

    @property
    def helpful(self) -> int:
        return sum(vote.is_helpful for vote in self.rows)

    @property
    def unhelpful(self) -> list[ArticleVote]:
        return [vote for vote in self.rows if not vote.is_helpful]


@dataclass
class Material:
    """What an officer marked in a conversation, ready to become an article."""

    consultation: Consultation

    @cached_property
    def marked(self) -> list[Message]:
        """The marked messages and final answers, in the order they were said."""
        return list(
            db.session.scalars(
                sa.select(Message)
                .where(
                    Message.consultation_id == self.consultation.id,
                    sa.or_(Message.is_final, Message.is_flagged),
                )
                .order_by(Message.id)
            )
        )

    @property
    def answer(self) -> str:
        """The marked words, the user's as quotations."""
        parts = [
            _quoted(message.body)
            if message.author_id == self.consultation.user_id
            else message.body
            for message in self.marked
        ]
        return "\n\n".join(parts)

    @property
    def content(self) -> Content:
        """A draft: the question, then what was marked."""
        question = f"**Pertanyaan**\n\n{self.consultation.description}"
        return Content(
            title=self.consultation.subject,
            body=f"{question}\n\n**Jawaban**\n\n{self.answer}".strip(),
            topic=Topic(self.consultation.category.value),
        )

    @cached_property
    def similar(self) -> tuple[search.Hit, ...]:
        """Articles that may say it already."""
        asked = self.consultation.subject, self.consultation.description
        return search.about(db.session.connection(), *asked, 5).hits

    @cached_property
    def made(self) -> list[Article]:
        """Articles already made from this conversation."""
        query = sa.select(Article).filter_by(consultation_id=self.consultation.id)
        return list(db.session.scalars(query.options(joinedload(Article.latest))))


@dataclass(frozen=True)
class Change:
    """A stretch of text: the same in both versions, taken out, or put in."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Change]:
    """What changed between two texts, word by word."""
    old, new = _tokens(before), _tokens(after)
    changes: list[Change] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=len(old) > 4000)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            changes.append(Change("same", "".join(old[a:b])))
            continue
        if b > a:
            changes.append(Change("out", "".join(old[a:b])))
        if d > c:
            changes.append(Change("in", "".join(new[c:d])))
    return changes


@dataclass
class Gap:
    """Something people look for and do not find, however they put it."""

    meaning: str
    words: str
    searches: int = 0
    unclicked: int = 0
    votes: int = 0
    consultations: list[Consultation] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    latest_at: datetime | None = None

    @property
    def count(self) -> int:
        asked = self.searches + self.unclicked + self.votes
        return asked + len(self.consultations)


@dataclass
class Gaps:
    """The officer's to-do: what the articles do not answer yet."""

    days: int = GAP_DAYS

    @cached_property
    def rows(self) -> list[Gap]:
        gaps = self._from_searches()
        self._add_consultations(gaps)
        self._add_votes(gaps)
        ranked = sorted(gaps.values(), key=lambda gap: -gap.count)
        # Nobody need write about what has been answered meanwhile.
        return list(islice(filter(self._is_open, ranked), GAPS_SHOWN))

    @cached_property
    def to_write(self) -> list[Consultation]:
        """Conversations with marked messages and no article yet."""
        marked = sa.select(Message.consultation_id).where(
            sa.or_(Message.is_final, Message.is_flagged)
        )
        has_article = sa.exists().where(Article.consultation_id == Consultation.id)
        return list(
            db.session.scalars(
                sa.select(Consultation)
                .where(Consultation.id.in_(marked), ~has_article)
                .order_by(Consultation.id.desc())
                .limit(100)
            )
        )

    @property
    def _since(self) -> datetime:
        return clock.now() - timedelta(days=self.days)

    def _from_searches(self) -> dict[str, Gap]:
        last = sa.func.max(SearchLog.at)
        rows = db.session.execute(
            sa.select(
                SearchLog.meaning,
                # With one max(), SQLite takes the other columns from that row.
                SearchLog.words,
                sa.func.sum(sa.case((SearchLog.found == 0, 1), else_=0)),
                sa.func.sum(sa.case((SearchLog.found > 0, 1), else_=0)),
                last,
            )
            .where(
                SearchLog.at >= self._since,
                SearchLog.settled_at.is_(None),
                SearchLog.clicked_id.is_(None),
                ~SearchLog.answered,
                SearchLog.meaning != "",
            )
            .group_by(SearchLog.meaning)
            .order_by(sa.func.count().desc(), last.desc())
            .limit(GAPS_SHOWN * 2)
        )
        return {
            meaning: Gap(meaning, words, none, unclicked, latest_at=at)
            for meaning, words, none, unclicked, at in rows
        }

    def _add_consultations(self, gaps: dict[str, Gap]) -> None:
        has_article = sa.exists().where(Article.consultation_id == Consultation.id)
        rows = db.session.scalars(
            sa.select(Consultation)
            .where(Consultation.asked_at >= self._since, ~has_article)
            .order_by(Consultation.id.desc())
            .limit(GAPS_SHOWN)
        )
        for consultation in rows:
            meaning = meaning_of(consultation.subject)
            if meaning and not _finds(consultation.subject):
                gap = gaps.setdefault(meaning, Gap(meaning, consultation.subject))
                gap.consultations.append(consultation)

    def _add_votes(self, gaps: dict[str, Gap]) -> None:
        rows = db.session.execute(
            sa.select(Article, sa.func.count())
            .join(ArticleVote, ArticleVote.article_id == Article.id)
            .options(joinedload(Article.latest))
            .where(
                ~ArticleVote.is_helpful,
                ArticleVote.settled_at.is_(None),
                ArticleVote.at >= self._since,
            )
            .group_by(Article.id)
        )
        for article, count in rows:
            title = article.latest.title
            meaning = meaning_of(title)
            gap = gaps.setdefault(meaning, Gap(meaning, title))
            gap.votes += count
            gap.articles.append(article)

    def _is_open(self, gap: Gap) -> bool:
        if gap.unclicked or gap.votes or gap.consultations:
            return True
        return not _finds(gap.words)


def settle(meaning: str, by: User) -> None:
    """Take a gap off the list: an officer has dealt with it."""
    now = clock.now()
    db.session.execute(
        sa.update(SearchLog)
        .where(SearchLog.meaning == meaning, SearchLog.settled_at.is_(None))
        .values(settled_at=now)
    )
    votes = db.session.scalars(
        sa.select(ArticleVote)
        .where(~ArticleVote.is_helpful, ArticleVote.settled_at.is_(None))
        .options(joinedload(ArticleVote.article).joinedload(Article.latest))
    )
    for vote in votes:
        if meaning_of(vote.article.latest.title) == meaning:
            vote.settled_at = now


def _finds(words: str) -> bool:
    return bool(search.suggest(db.session.connection(), words, 1))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for line in text.splitlines(keepends=True):
        tokens += [part + " " for part in line.split(" ")]
        tokens[-1] = tokens[-1][:-1]
    return tokens


def with_more(content: Content, answer: str) -> Content:
    """Put an answer from a conversation under what an article says."""
    body = f"{content.body}\n\n{answer}".strip() if answer else content.body
    return replace(content, body=body)


def marked(article: Article) -> list[tuple[str, privacy.Finding | None]]:
    """The newest revision in pieces, each with the personal data it is, if any."""
    text = article.latest.whole_text
    pieces: list[tuple[str, privacy.Finding | None]] = []
    end = 0
    for finding in article.findings():
        pieces.append((text[max(end, finding.start - 60) : finding.start], None))
        pieces.append((finding.text, finding))
        end = finding.end
    return pieces


@dataclass
class Versions:
    """Two versions of an article, side by side."""

    article: Article
    number: int
    against: int | None = None

    @cached_property
    def chosen(self) -> Revision:
        return self._get(self.number)

    @cached_property
    def other(self) -> Revision | None:
        """The version compared with: the one before, unless another is wanted."""
        number = self.against or self.number - 1
        return self._get(number) if number > 0 else None

    @property
    def rows(self) -> list[tuple[str, list[Change]]]:
        """Each part that differs, with its changes."""
        other = self.other
        if other is None:
            return [
                (label, [Change("in", text)])
                for label, text in texts(self.chosen)
                if text
            ]
        pairs = zip(texts(other), texts(self.chosen), strict=True)
        return [
            (label, compare(before, after))
            for (label, before), (_, after) in pairs
            if before != after
        ]

    def _get(self, number: int) -> Revision:
        return db.first_or_404(
            sa.select(Revision).filter_by(article_id=self.article.id, number=number)
        )


@dataclass(frozen=True)
class Choice:
    """An article as an officer may put it into an answer."""

    title: str
    url: str
    text: str


def choices(words: str, limit: int = 5) -> list[Choice]:
    """Articles for the search beside the composer, with their plain text."""
    hits = suggestions(words, limit)
    rows = db.session.execute(
        sa.select(Article.id, Revision.body)
        .join(Article.published)
        .where(Article.id.in_([hit.article_id for hit in hits]))
    )
    bodies = {id: plain(body)[:CHOICE_LENGTH] for id, body in rows}
    return [
        Choice(
            hit.title,
            link("knowledge.show", slug=hit.slug),
            bodies.get(hit.article_id, ""),
        )
        for hit in hits
    ]


@dataclass
class SynonymList:
    """The synonym groups, a page of them."""

    words: str = ""
    page: int = 1

    @cached_property
    def rows(self) -> Pagination:
        query = sa.select(SynonymGroup).order_by(SynonymGroup.id.desc())
        if self.words:
            query = query.where(
                SynonymGroup.terms.icontains(self.words, autoescape=True)
            )
        return db.paginate(query, page=self.page, per_page=50, max_per_page=50)

"""The figures of articles are those of a slow, independent recount."""

import re
from collections import Counter

from pst.knowledge.models import Article
from pst.knowledge.searches.search_log import ArticleVote, SearchLog
from tests.reports.recount.steps import all_of, asked, is_in, share


def test_the_knowledge_base_agrees(looked_at):
    period, figures = looked_at
    searches = [
        s for s in all_of(SearchLog) if is_in(s.at, period) and s.place != "desk"
    ]
    votes = [v for v in all_of(ArticleVote) if is_in(v.at, period)]
    articles = all_of(Article)
    without = sum(s.found == 0 for s in searches)

    assert without and votes
    assert figures["knowledge"] == {
        "searches": len(searches),
        "without": without,
        "without_share": share(without, len(searches)),
        "clicked": sum(s.clicked_id is not None for s in searches),
        "tables": sum(bool(s.has_figure or s.opened_item_id) for s in searches),
        "answered": sum(s.answered for s in searches),
        "cited": sum(
            any(
                m.kind == "message"
                and m.author_id != c.user_id
                and "sumber: " in m.body.lower()
                for m in c.messages
            )
            for c in asked(period)
        ),
        "votes": len(votes),
        "helpful": share(sum(v.is_helpful for v in votes), len(votes)),
        "made": sum(is_in(a.published_at, period) for a in articles),
        "published": sum(a.state == "published" for a in articles),
    }


def test_what_was_missing_agrees(figures):
    missing = Counter(
        s.words
        for s in all_of(SearchLog)
        if is_in(s.at) and s.place != "desk" and s.found == 0
    )

    assert dict(figures["missing"]) == dict(missing)
    assert [count for _, count in figures["missing"]] == sorted(
        missing.values(), reverse=True
    )


def test_what_was_asked_for_agrees(figures):
    rows = list(asked())
    data = [row for row in rows if row.category == "data"]
    levels = Counter(row.details.get("level", "") for row in data)
    subjects = dict(figures["subjects"])

    assert figures["demand"] == {"count": len(data), "level": dict(levels)}
    words = {"penduduk", "padi", "keripik", "survei", "indeks"} & subjects.keys()
    assert len(words) > 1
    for word in words:
        matches = [r for r in rows if re.search(rf"\b{word}\b", r.subject.casefold())]
        assert subjects[word] == len(matches)

"""The states of an article, and which may follow which."""

from enum import StrEnum


class ArticleState(StrEnum):
    """Where the newest revision of an article stands."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


NEXT = {
    ArticleState.DRAFT: {
        ArticleState.DRAFT,
        ArticleState.REVIEW,
        ArticleState.ARCHIVED,
    },
    ArticleState.REVIEW: {
        ArticleState.DRAFT,
        ArticleState.PUBLISHED,
        ArticleState.ARCHIVED,
    },
    ArticleState.PUBLISHED: {ArticleState.DRAFT, ArticleState.ARCHIVED},
    ArticleState.ARCHIVED: {ArticleState.DRAFT},
}

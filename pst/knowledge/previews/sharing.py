"""How an article looks where others link to it: in results, previews and feeds."""

import re
from functools import lru_cache

from pst.knowledge.article.revisions import Revision
from pst.search.language.plain_text import plain_text

DESCRIPTION_LENGTH = 160
# Enough Markdown for a description; the rest of a long article is not read.
READ_LENGTH = 1_000


def description(revision: Revision) -> str:
    """Return the beginning of the article in plain words, cut after a whole one."""
    return _beginning(revision.body[:READ_LENGTH])


@lru_cache(maxsize=300)
def _beginning(body: str) -> str:
    text = re.sub(r"\s+", " ", plain_text(body)).strip()
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[:DESCRIPTION_LENGTH].rpartition(" ")[0].rstrip(",;:.") + " …"

"""The starter articles, for the tests of this folder."""

from tests.starter_articles import articles as articles
from tests.starter_articles import filled as filled
from tests.starter_articles import starter as starter

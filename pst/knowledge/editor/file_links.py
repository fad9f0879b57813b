"""What an officer writes to show or link a file of an article."""

import re

from flask import url_for

from pst.knowledge.article.files import ArticleFile

# What would end the words of a link, or its address.
IN_WORDS = re.compile(r"([\\\[\]])")
IN_ADDRESS = str.maketrans({"(": "%28", ")": "%29"})


def link_to(file: ArticleFile) -> str:
    """Return the Markdown that shows a picture, or links another file."""
    address = url_for("knowledge.file", token=file.token, name=file.name)
    words = IN_WORDS.sub(r"\\\1", file.name)
    sign = "!" if file.is_picture else ""
    return f"{sign}[{words}]({address.translate(IN_ADDRESS)})"

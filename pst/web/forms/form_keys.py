"""Keys of forms: what is sent twice is stored once, and other words are never lost.

A form carries a key, so that it can be sent again when its answer was lost on the way.
The same key with the same content is a repeat. The same key with other content (the
form stood in two tabs, or came back from an older state of the browser) is another
entry, stored under a key made of both: it too can be sent again.
"""

import hashlib
import json


def with_content(key: str, *content: object) -> str:
    """Make the key of `content` that came with `key`: the same for the same alone."""
    content_text = json.dumps([key, *content], default=str, ensure_ascii=False)
    return hashlib.sha256(content_text.encode("utf-8", "surrogatepass")).hexdigest()

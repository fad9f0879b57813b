"""The application as deployed, with one empty route to measure next to."""

from pst import create_app
from pst.web.access import everyone

app = create_app()


@everyone
def empty() -> str:
    """Answer nothing: what Flask itself costs."""
    return ""


app.add_url_rule("/bench-empty", view_func=empty)

"""What the web server loads."""

from pst import create_app

app = create_app()

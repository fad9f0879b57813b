"""The extension objects, without behaviour of their own."""

import importlib
from functools import partial
from typing import Any

from flask import Flask, request
from flask_compress import Compress
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.local import LocalProxy

from pst.database import db
from pst.networks import network_of

compress = Compress()
csrf = CSRFProtect()
limiter = Limiter(key_func=lambda: network_of(request.remote_addr or ""))
login_manager = LoginManager()


def init_migrate(app: Flask) -> None:
    """Load Flask-Migrate only where migrations run; a web process never needs it.

    It brings Alembic, a tenth of the memory of each process.
    """
    app.extensions["migrate"] = LocalProxy(partial(_load_migrate, app))


def _load_migrate(app: Flask) -> Any:
    migrate = importlib.import_module("flask_migrate").Migrate
    options = {"render_as_batch": True, "compare_type": True}
    migrate(app, db, directory="migrations", **options)
    return app.extensions["migrate"]

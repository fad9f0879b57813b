"""What all account views share: the blueprint, who is signed in, limits on tries."""

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from pst.accounts.models import LogIn, User
from pst.extensions import limiter, login_manager
from pst.fields import normal_email

bp = Blueprint("accounts", __name__)
PER_ADDRESS = "30 per 15 minutes"
PER_ACCOUNT = "10 per 15 minutes"


def typed_email() -> str:
    """Tell which account a request is about, to limit tries by account too."""
    return "account:" + normal_email(request.form.get("email", ""))[:254]


limited = limiter.shared_limit(PER_ADDRESS, scope="accounts", methods=["POST"])
limited_by_account = limiter.shared_limit(
    PER_ACCOUNT, scope="account", key_func=typed_email, methods=["POST"]
)


@login_manager.request_loader
def load_user(_request: object) -> User | None:
    """Find who is signed in by the token in the cookie."""
    log_in = current_log_in()
    return log_in.user if log_in else None


def current_log_in() -> LogIn | None:
    """Find the log-in of the browser that asks."""
    token = request.cookies.get(current_app.config["LOGIN_COOKIE"])
    return LogIn.with_token(token) if token else None


def give_cookie(response: Response, token: str, seconds: int) -> Response:
    """Have the browser keep the token of its log-in."""
    response.set_cookie(
        current_app.config["LOGIN_COOKIE"],
        token,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["PST"].is_tls,
        path="/",
    )
    return response


def take_cookie(response: Response) -> Response:
    """Have the browser forget its log-in."""
    response.delete_cookie(
        current_app.config["LOGIN_COOKIE"],
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["PST"].is_tls,
    )
    return response


def status_of_form() -> int:
    """Tell the status of a page with a form: 422 when the form was refused."""
    return 422 if request.method == "POST" else 200

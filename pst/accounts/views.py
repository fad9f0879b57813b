"""Registration, log-in, forgotten passwords and the account page."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from pst import held
from pst.access import everyone, signed_in
from pst.accounts.forms import (
    ChangePasswordForm,
    EmailForm,
    LogInForm,
    NewPasswordForm,
    ProfileForm,
    RegistrationForm,
)
from pst.accounts.models import (
    LOG_IN_LASTS,
    LogIn,
    User,
    hash_password,
    is_password_of,
)
from pst.accounts.tokens import LinkToken, Purpose
from pst.database import db, reading
from pst.extensions import limiter, login_manager
from pst.fields import normal_email
from pst.office import settings
from pst.outbox.models import OutboxMail
from pst.pages import done, link, page, safe_next

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
    token = request.cookies.get(current_app.config["LOGIN_COOKIE"])
    log_in = LogIn.with_token(token) if token else None
    return log_in.user if log_in else None


@bp.route("/daftar", methods=["GET", "POST"])
@everyone
@limited
def register() -> ResponseReturnValue:
    form = RegistrationForm()
    if request.method == "GET" or not form.validate():
        return page("accounts/register.html", form=form), _status(form)
    password_hash = hash_password(form.password.data)
    user = User.with_email(form.email.data)
    if user is None:
        user = User.register(
            form.email.data,
            form.name.data,
            password_hash,
            consent_version=settings.current().consent_version,
            institution_kind=form.institution_kind.data,
            institution=form.institution.data,
            occupation=form.occupation.data,
        )
        mail_verification(user)
    else:
        # The page answers the same whether the account exists; only the owner of
        # the address learns that it does.
        OutboxMail.put(
            "already_registered",
            to=user.mailbox,
            cause=f"{user.id}:{request.form.get('csrf_token', '')[-20:]}",
            log_in_url=link("accounts.log_in"),
            forgotten_url=link("accounts.forgotten"),
        )
    db.session.commit()
    session["registered"] = form.email.data
    return done(url_for(".registered"))


@bp.get("/daftar/terkirim")
@everyone
def registered() -> ResponseReturnValue:
    return page("accounts/registered.html", email=session.get("registered"))


@bp.route("/verifikasi/<token>", methods=["GET", "POST"])
@everyone
@limited
def verify(token: str) -> ResponseReturnValue:
    """Show a button; pressing it verifies. A mail scanner that follows links cannot."""
    found = LinkToken.find(Purpose.VERIFY, token)
    if found is None:
        return page("accounts/dead_link.html", again=url_for(".resend")), 410
    if request.method == "GET":
        return page("accounts/verify.html", user=found.user)
    found.use()
    found.user.verify()
    db.session.commit()
    flash("Email Anda sudah terverifikasi.")
    if current_user.is_authenticated:
        return done(url_for("consultations.index"))
    return done(url_for(".log_in"))


@bp.route("/verifikasi", methods=["GET", "POST"])
@everyone
@limited
@limited_by_account
def resend() -> ResponseReturnValue:
    """Mail a new verification link; the answer is the same for every address."""
    form = EmailForm()
    if request.method == "GET" or not form.validate():
        return page("accounts/resend.html", form=form), _status(form)
    user = User.with_email(form.email.data)
    if user is not None and not user.is_verified and user.active:
        mail_verification(user)
    db.session.commit()
    session["registered"] = form.email.data
    return done(url_for(".registered"))


@bp.route("/masuk", methods=["GET", "POST"])
@everyone
@limited
@limited_by_account
def log_in() -> ResponseReturnValue:
    form = LogInForm()
    typed = held.from_form()
    onward = safe_next(request.values.get("next"), "")
    if request.method == "GET" or not form.validate():
        return (
            page("accounts/log_in.html", form=form, onward=onward, held=typed),
            _status(form),
        )
    with reading():
        user = User.with_email(form.email.data)
        is_right = is_password_of(user, form.password.data)
        id = user.id if user and user.active and is_right else None
    if id is None:
        form.password.errors = ["Email atau kata sandi tidak cocok."]
        return page("accounts/log_in.html", form=form, onward=onward, held=typed), 422
    user = db.session.get_one(User, id)
    _, token = LogIn.open(user, request.user_agent.string)
    role, home = user.role, home_of(user)
    db.session.commit()
    session.clear()  # a log-in starts a new session, with a new form token
    session.permanent = True
    if typed:
        response: BaseResponse = page("held.html", held=typed, why="signed_in")
    else:
        response = redirect(onward or home, code=303)
    response.set_cookie(
        current_app.config["LOGIN_COOKIE"],
        token,
        max_age=int(LOG_IN_LASTS[role].total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["PST"].is_tls,
        path="/",
    )
    return response


def home_of(user: User) -> str:
    """Tell where `user` starts working."""
    if user.is_officer:
        return url_for("desk.index")
    if user.is_head:
        return url_for("reports.head_index")
    if user.is_admin:
        return url_for("admin.index")
    return url_for("consultations.index")


@bp.post("/keluar")
@everyone
def log_out() -> ResponseReturnValue:
    token = request.cookies.get(current_app.config["LOGIN_COOKIE"])
    log_in = LogIn.with_token(token) if token else None
    if log_in is not None:
        log_in.close()
    db.session.commit()
    session.clear()
    flash("Anda sudah keluar.")
    response = redirect(url_for("front.home"), code=303)
    response.delete_cookie(
        current_app.config["LOGIN_COOKIE"],
        path="/",
        secure=current_app.config["PST"].is_tls,
    )
    return response


@bp.get("/keluar")
@everyone
def leaving() -> ResponseReturnValue:
    return page("accounts/leaving.html")


@bp.route("/lupa-sandi", methods=["GET", "POST"])
@everyone
@limited
@limited_by_account
def forgotten() -> ResponseReturnValue:
    form = EmailForm()
    if request.method == "GET" or not form.validate():
        return page("accounts/forgotten.html", form=form), _status(form)
    user = User.with_email(form.email.data)
    if user is not None and user.active:
        row, token = LinkToken.issue(user, Purpose.NEW_PASSWORD)
        OutboxMail.put(
            "new_password",
            to=user.mailbox,
            cause=str(row.id),
            url=link("accounts.new_password", token=token),
            expires_at=row.expires_at,
        )
    db.session.commit()
    return page("accounts/forgotten_sent.html")


@bp.route("/sandi-baru/<token>", methods=["GET", "POST"])
@everyone
@limited
def new_password(token: str) -> ResponseReturnValue:
    with reading():
        if LinkToken.find(Purpose.NEW_PASSWORD, token) is None:
            return page("accounts/dead_link.html", again=url_for(".forgotten")), 410
    form = NewPasswordForm()
    if request.method == "GET" or not form.validate():
        return page("accounts/new_password.html", form=form, token=token), _status(form)
    password_hash = hash_password(form.password.data)
    found = LinkToken.find(Purpose.NEW_PASSWORD, token)
    if found is None:
        abort(410)
    found.use()
    found.user.verify()  # whoever followed the link reads this mailbox
    _change_password(found.user, password_hash)
    db.session.commit()
    flash("Kata sandi Anda sudah diganti. Silakan masuk.")
    return done(url_for(".log_in"))


@bp.get("/akun")
@signed_in
def show() -> ResponseReturnValue:
    return page(
        "accounts/show.html",
        profile=ProfileForm(obj=current_user),
        password=ChangePasswordForm(),
    )


@bp.post("/akun/profil")
@signed_in
def change_profile() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.validate():
        return (
            page("accounts/show.html", profile=form, password=ChangePasswordForm()),
            422,
        )
    form.populate_obj(current_user)
    db.session.commit()
    flash("Perubahan tersimpan.")
    return done(url_for(".show"))


@bp.post("/akun/kata-sandi")
@signed_in
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    id, hashed = current_user.id, current_user.password_hash
    db.session.rollback()  # let go of the write lock while passwords are hashed
    good = form.validate()
    if good and not is_password_of(User(password_hash=hashed), form.current.data):
        form.current.errors = ["Kata sandi sekarang tidak cocok."]
        good = False
    if not good:
        profile = ProfileForm(formdata=None, obj=current_user)
        return page("accounts/show.html", profile=profile, password=form), 422
    password_hash = hash_password(form.password.data)
    _change_password(db.session.get_one(User, id), password_hash)
    db.session.commit()
    flash("Kata sandi Anda sudah diganti. Silakan masuk lagi.")
    return done(url_for(".log_in"))


def mail_verification(user: User) -> None:
    """Owe `user` a link that verifies the address."""
    row, token = LinkToken.issue(user, Purpose.VERIFY)
    OutboxMail.put(
        "verify_email",
        to=user.mailbox,
        cause=str(row.id),
        url=link("accounts.verify", token=token),
        expires_at=row.expires_at,
    )


def _change_password(user: User, password_hash: str) -> None:
    user.change_password(password_hash)
    OutboxMail.put(
        "password_changed",
        to=user.mailbox,
        cause=f"{user.id}:{password_hash[-12:]}",
    )


def _status(form: object) -> int:
    return 422 if request.method == "POST" else 200

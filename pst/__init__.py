"""PST: an online statistics consultation service. `create_app` puts it together."""

import importlib

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from pst import background, clock, database, reference_lists
from pst.accounts.log_in import refusals, throttling
from pst.config import Config, load
from pst.consultations.conversation import polling
from pst.extensions import (
    compress,
    csrf,
    init_migrate,
    limiter,
    login_manager,
)
from pst.office import restored
from pst.search.storage import store
from pst.single_sign_on import provider
from pst.web import (
    access,
    assets,
    error_pages,
    fetch_metadata,
    load_shedding,
    logs,
    once,
    sessions,
    template_source,
)
from pst.web.formats import formatting
from pst.web.forms.fields import tied
from pst.web.once import Application
from pst.web.responses import add_headers, address_of_form, with_query

BLUEPRINTS = (
    "pst.public_pages.views",
    "pst.public_pages.manuals",
    "pst.public_pages.crawlers",
    "pst.public_pages.feeds",
    "pst.outbox.undelivered",
    "pst.accounts.views",
    "pst.classifications.views",
    "pst.regions.views",
    "pst.single_sign_on.views",
    "pst.push.views",
    "pst.catalogue.views",
    "pst.catalogue.office_figures",
    "pst.consultations.views",
    "pst.consultations.conversation.earlier_messages",
    "pst.consultations.replies.replying",
    "pst.consultations.filing.unfiled_views",
    "pst.consultations.desk.views",
    "pst.consultations.desk.closing",
    "pst.consultations.desk.counter",
    "pst.consultations.desk.canned_answers",
    "pst.consultations.desk.codes",
    "pst.consultations.desk.conversation_search",
    "pst.consultations.desk.roster",
    "pst.consultations.desk.taking",
    "pst.consultations.desk.handing_over",
    "pst.consultations.desk.printout",
    "pst.consultations.desk.worklist.waiting_badge",
    "pst.consultations.desk.worklist.next_urgent",
    "pst.consultations.attached_files.files",
    "pst.consultations.conversation.corrections",
    "pst.knowledge.views",
    "pst.knowledge.previews.link_previews",
    "pst.knowledge.final_answers",
    "pst.knowledge.editor.views",
    "pst.feedback.views",
    "pst.feedback.follow_ups.views",
    "pst.feedback.history",
    "pst.feedback.follow_ups.follow_up_mails",
    "pst.feedback.ratings",
    "pst.reports.views",
    "pst.reports.head.views",
    "pst.reports.authenticity",
    "pst.province.figures_api",
    "pst.province.figure_tokens_views",
    "pst.province.districts_views",
    "pst.province.views",
    "pst.personal_data.views",
    "pst.reports.files.report_files",
    "pst.personal_data.personal_desk",
    "pst.admin.views",
    "pst.admin.health.views",
    "pst.admin.people",
    "pst.admin.outbox_views",
    "pst.admin.calendar.views",
    "pst.admin.calendar.service_hours",
    "pst.admin.preferences",
    "pst.admin.letterhead",
    "pst.admin.home_figures",
    "pst.admin.audit_views",
    "pst.admin.sources.views",
    "pst.admin.sources.list_imports",
    "pst.admin.wizard.views",
)


def create_app(config: Config | None = None) -> Flask:
    """Build the application; raise `BadSetting` when a setting is wrong."""
    config = config or load()
    app = Application("pst")
    app.config.from_mapping(config.for_flask())
    app.config["RESTORED"] = restored.read(config.data_dir)
    logs.set_up()
    clock.obey(config.clock_file)
    database.init_app(app)
    background.init_app(app)
    _add_extensions(app, config)
    _set_up_templates(app)
    error_pages.init_app(app)
    logs.init_app(app)
    throttling.init_app(app)
    refusals.init_app(app)
    _before_views(app)
    for name in BLUEPRINTS:
        app.register_blueprint(importlib.import_module(name).bp)
    importlib.import_module("pst.cli").init_app(app)
    app.after_request(add_headers)
    assets.init_app(app)
    load_shedding.init_app(app)
    refusals.count_at_gate(app)
    polling.init_app(app)
    if config.is_tls:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    return app


def _before_views(app: Flask) -> None:
    """Add what is asked of every request, in this order; only then it may write."""
    fetch_metadata.init_app(app)
    # Load the user and check access before the lock is taken.
    app.before_request(database.only_read)
    csrf.init_app(app)  # before the user is read: a forged form costs nothing
    app.before_request(access.check_access)
    app.before_request(then_write)
    app.teardown_request(end_of_reading)
    app.teardown_appcontext(end_of_reading)  # of a command


def _set_up_templates(app: Flask) -> None:
    template_source.init_app(app)
    formatting.init_app(app)
    app.add_template_global(reference_lists.text_of, "option_text")
    app.add_template_global(reference_lists.choices, "option_choices")
    app.add_template_global(with_query)
    app.add_template_global(access.may_open)
    app.add_template_global(tied)
    app.add_template_global(sessions.form_token)
    once.init_app(app)
    app.add_template_global(address_of_form)


def _add_extensions(app: Flask, config: Config) -> None:
    sessions.init_app(app)
    provider.init_app(app)
    app.config["RATELIMIT_ENABLED"] = not config.testing
    compress.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None  # our log-in is a row, not a session
    store.init_app(app)
    init_migrate(app)


def end_of_reading(error: BaseException | None) -> None:
    """Let what follows this request or command in the same thread write."""
    database.only_read(False)


def then_write() -> None:
    """Let a request that may write wait for its turn, once it begins its work."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        database.write_from_here()

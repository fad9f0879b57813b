"""The database as 0.1.0 had it: tables, full-text indexes, triggers, and first rows.

One step in place of the thirteen that led here, under the number of the last, so that a
database of then goes on from it. The tables are listed as SQLAlchemy builds them on any
database; full-text indexes and triggers are each engine's own. On PostgreSQL, which
came later, the index of articles is no table: every web server keeps it in a file.

On SQLite triggers keep the full-text indexes. A later migration that rebuilds
`message` or `consultation` in batch mode drops them with the old table, and has to make
them again.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from pst.database import NAMES, UtcDateTime, only_where
from pst.search.language.synonym_groups import shipped

revision = "0013"
down_revision = None

UNEXPLAINED = (
    "late_reason IS NULL AND state = 'closed'"
    " AND (answered_at > answered_due_at OR final_answer_at > final_due_at"
    " OR (final_answer_at IS NULL AND due_at < closed_at))"
)
metadata = sa.MetaData(naming_convention=NAMES)


def table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, metadata, *parts)


def column(name: str, *parts: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, *parts, nullable=False, **options)


def optional(name: str, *parts: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, *parts, nullable=True, **options)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=40
    )


# People and their log-ins.
table(
    "user",
    column("id", sa.Integer(), primary_key=True),
    column("email", sa.String(254), unique=True),
    column("name", sa.String(200)),
    column("password_hash", sa.String(200)),
    column("role", choice("role", "user", "officer", "head", "admin")),
    optional("institution_kind", sa.String(40)),
    optional("institution", sa.String(200)),
    optional("occupation", sa.String(40)),
    optional("phone", sa.String(40)),
    column("is_visitor", sa.Boolean()),
    optional("reachable_at", sa.String(254)),
    column("wants_notices", sa.Boolean()),
    column("active", sa.Boolean()),
    column("created_at", UtcDateTime()),
    optional("verified_at", UtcDateTime()),
    optional("consented_at", UtcDateTime()),
    optional("consent_version", sa.String(40)),
    optional("last_log_in_at", UtcDateTime()),
    optional("expiry_told_at", UtcDateTime()),
    optional("two_step_at", UtcDateTime()),
    optional("erased_at", UtcDateTime()),
)
table(
    "log_in",
    column("id", sa.Integer(), primary_key=True),
    column("token_hash", sa.LargeBinary(), unique=True),
    column(
        "user_id",
        sa.Integer(),
        sa.ForeignKey("user.id", ondelete="CASCADE"),
        index=True,
    ),
    column("device", sa.String(200)),
    column("created_at", UtcDateTime()),
    column("expires_at", UtcDateTime()),
    optional("address", sa.String(45)),
    column("seen_at", UtcDateTime()),
    column("confirmed_at", UtcDateTime()),
)
table(
    "link_token",
    column("id", sa.Integer(), primary_key=True),
    column("purpose", choice("purpose", "verify", "new_password", "invite")),
    column("token_hash", sa.LargeBinary(), unique=True),
    column(
        "user_id",
        sa.Integer(),
        sa.ForeignKey("user.id", ondelete="CASCADE"),
        index=True,
    ),
    column("expires_at", UtcDateTime()),
    optional("used_at", UtcDateTime()),
)
table(
    "two_step",
    column(
        "user_id",
        sa.Integer(),
        sa.ForeignKey("user.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    column("app_nonce", sa.String(40)),
    column("recovery_nonce", sa.String(40)),
    column("last_step", sa.Integer()),
    column("used_codes", sa.Integer()),
    optional("codes_saved_at", UtcDateTime()),
    optional("enabled_at", UtcDateTime()),
)
table(
    "consent",
    column("id", sa.Integer(), primary_key=True),
    column(
        "user_id",
        sa.Integer(),
        sa.ForeignKey("user.id", ondelete="CASCADE"),
        index=True,
    ),
    column("purpose", choice("purpose", "service", "survey", "news")),
    column("version", sa.String(40)),
    column("given_at", UtcDateTime()),
    optional("withdrawn_at", UtcDateTime()),
)

# What the office decides, its calendar and who serves when.
table(
    "office_setting",
    column("key", sa.String(60), primary_key=True),
    column("value", sa.Text()),
    column("changed_at", UtcDateTime()),
    optional("changed_by_id", sa.Integer(), sa.ForeignKey("user.id")),
)
table(
    "setting_change",
    column("id", sa.Integer(), primary_key=True),
    column("key", sa.String(60), index=True),
    column("before", sa.Text()),
    column("after", sa.Text()),
    column("changed_at", UtcDateTime()),
    optional("changed_by_id", sa.Integer()),
)
table(
    "setup_step",
    column("name", sa.String(40), primary_key=True),
    column("state", choice("progress", "open", "done", "skipped")),
    column("changed_at", UtcDateTime()),
    optional("changed_by_id", sa.Integer(), sa.ForeignKey("user.id")),
)
table(
    "day_off",
    column("on", sa.Date(), primary_key=True),
    column("name", sa.String(200)),
    column("source", choice("source", "official", "estimated", "office")),
    column("is_working", sa.Boolean()),
)
table(
    "hours_period",
    column("id", sa.Integer(), primary_key=True),
    column("name", sa.String(120)),
    column("first_on", sa.Date()),
    column("last_on", sa.Date()),
    column("hours", sa.JSON()),
    column("counts", sa.Boolean()),
    sa.CheckConstraint("first_on <= last_on", name="order"),
)
table(
    "duty_week",
    column("user_id", sa.Integer(), sa.ForeignKey("user.id"), primary_key=True),
    column("weekdays", sa.String(7)),
)
table(
    "duty_change",
    column("id", sa.Integer(), primary_key=True),
    column("user_id", sa.Integer(), sa.ForeignKey("user.id"), index=True),
    column("first_on", sa.Date()),
    column("last_on", sa.Date(), index=True),
    column("note", sa.String(120)),
    column("serves", sa.Boolean()),
    sa.CheckConstraint("first_on <= last_on", name="order"),
)

# The trail, mails, jobs.
table(
    "audit_entry",
    column("id", sa.Integer(), primary_key=True),
    column("at", UtcDateTime(), index=True),
    optional("actor_id", sa.Integer(), index=True),
    column("action", sa.String(60)),
    column("subject", sa.String(60), index=True),
    column("detail", sa.JSON()),
    optional("address", sa.String(45)),
    optional("hash", sa.LargeBinary()),
)
table(
    "outbox_mail",
    column("id", sa.Integer(), primary_key=True),
    column("kind", sa.String(40)),
    column("cause", sa.String(120), unique=True),
    column("to_name", sa.String(200)),
    column("to_address", sa.String(254), index=True),
    column("subject", sa.String(300)),
    column("body", sa.Text()),
    optional("unsubscribe_url", sa.String(300)),
    column("state", choice("delivery", "owed", "sent", "failed")),
    column("attempts", sa.Integer()),
    column("created_at", UtcDateTime()),
    column("due_at", UtcDateTime()),
    optional("sent_at", UtcDateTime(), index=True),
    optional("error", sa.Text()),
    optional("attachment_name", sa.String(120)),
    optional("attachment_type", sa.String(80)),
    optional("attachment", sa.LargeBinary()),
    column("message_id", sa.String(120)),
    column("give_up_at", UtcDateTime()),
    optional("leased_until", UtcDateTime()),
    sa.Index("ix_outbox_mail_state_due_at", "state", "due_at"),
)
table(
    "job_run",
    column("name", sa.String(80), primary_key=True),
    column("started_at", UtcDateTime()),
    optional("finished_at", UtcDateTime()),
    optional("failed_at", UtcDateTime()),
    optional("error", sa.Text()),
)
table(
    "parked_item",
    column("id", sa.Integer(), primary_key=True),
    column("job", sa.String(80)),
    column("item_id", sa.Integer()),
    column("failures", sa.Integer()),
    column("failed_at", UtcDateTime()),
    column("error", sa.Text()),
    sa.CheckConstraint("failures > 0", name="failures"),
    sa.UniqueConstraint("job", "item_id"),
)
table(
    "breach",
    column("id", sa.Integer(), primary_key=True),
    column("known_at", UtcDateTime()),
    column("what", sa.Text()),
    column("which_data", sa.Text()),
    column("how", sa.Text()),
    column("measures", sa.Text()),
    column("advice", sa.Text()),
    column("concerned", sa.Text()),
    optional("reported_at", UtcDateTime()),
    optional("told_at", UtcDateTime()),
    column("told_count", sa.Integer()),
    optional("closed_at", UtcDateTime()),
    column("created_by_id", sa.Integer(), sa.ForeignKey("user.id")),
)

# Consultations.
table(
    "consultation",
    column("id", sa.Integer(), primary_key=True),
    column("number", sa.String(20), unique=True),
    column("year", sa.Integer()),
    column("sequence", sa.Integer()),
    optional("key", sa.String(64)),
    column(
        "category",
        choice("category", "data", "metadata", "recommendation", "classification"),
    ),
    column(
        "channel", choice("channel", "online", "counter", "phone", "letter", "whatsapp")
    ),
    optional("minutes", sa.Integer()),
    column("subject", sa.String(200)),
    column("description", sa.Text()),
    column("details", sa.JSON()),
    column("state", choice("state", "queued", "active", "waiting_user", "closed")),
    optional(
        "reason", choice("reason", "resolved", "no_response", "withdrawn", "duplicate")
    ),
    column("user_id", sa.Integer(), sa.ForeignKey("user.id"), index=True),
    optional("officer_id", sa.Integer(), sa.ForeignKey("user.id")),
    optional("previous_id", sa.Integer(), sa.ForeignKey("consultation.id")),
    column("asked_at", UtcDateTime(), index=True),
    optional("claimed_at", UtcDateTime()),
    optional("clear_at", UtcDateTime()),
    optional("due_at", UtcDateTime()),
    optional("answered_at", UtcDateTime()),
    optional("answered_due_at", UtcDateTime()),
    optional("final_answer_at", UtcDateTime()),
    optional("final_due_at", UtcDateTime()),
    optional("waiting_since", UtcDateTime()),
    optional("warned_at", UtcDateTime()),
    optional("closing_held", choice("held", "owed", "bounced")),
    optional("tell_user_at", UtcDateTime()),
    optional("user_told_at", UtcDateTime()),
    optional("due_warned_at", UtcDateTime()),
    optional("breach_told_at", UtcDateTime()),
    optional("closed_at", UtcDateTime(), index=True),
    optional("reopened_at", UtcDateTime()),
    optional("half_told_at", UtcDateTime()),
    optional(
        "late_reason",
        choice(
            "late_reason", "workload", "others", "complex", "system", "absence", "other"
        ),
    ),
    optional("late_note", sa.String(300)),
    optional("silastik_number", sa.String(40)),
    column("newest_id", sa.Integer()),
    column("newest_shown_id", sa.Integer()),
    column("reads", sa.Integer()),
    sa.UniqueConstraint("user_id", "key", name="uq_consultation_key"),
    sa.UniqueConstraint("year", "sequence"),
    sa.Index("ix_consultation_officer_id_state", "officer_id", "state"),
    sa.Index("ix_consultation_state_due_at", "state", "due_at"),
    sa.Index(
        "ix_consultation_tell_user_at",
        "tell_user_at",
        **only_where("tell_user_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_consultation_unexplained",
        "officer_id",
        **only_where(UNEXPLAINED),
    ),
)
table(
    "message",
    column("id", sa.Integer(), primary_key=True),
    column("consultation_id", sa.Integer(), sa.ForeignKey("consultation.id")),
    column("kind", choice("kind", "message", "note", "event")),
    optional("author_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("body", sa.Text()),
    optional(
        "event",
        choice(
            "event",
            "asked",
            "recorded",
            "claimed",
            "transferred",
            "released",
            "clarity_asked",
            "cleared",
            "warned",
            "resolved",
            "no_response",
            "withdrawn",
            "duplicate",
            "reopened",
            "taken_over",
            "clock_undone",
            "due_moved",
        ),
    ),
    column("data", sa.JSON()),
    optional("key", sa.String(64)),
    column("created_at", UtcDateTime()),
    column("is_final", sa.Boolean()),
    column("is_flagged", sa.Boolean()),
    sa.UniqueConstraint("consultation_id", "key", name="uq_message_key"),
    sa.Index("ix_message_consultation_id_id", "consultation_id", "id"),
    sa.Index(
        "ix_message_marked",
        "consultation_id",
        **only_where("is_final OR is_flagged"),
    ),
)
table(
    "attachment",
    column("id", sa.Integer(), primary_key=True),
    column(
        "consultation_id", sa.Integer(), sa.ForeignKey("consultation.id"), index=True
    ),
    optional("message_id", sa.Integer(), sa.ForeignKey("message.id"), index=True),
    column("uploader_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("key", sa.String(64)),
    column("name", sa.String(200)),
    column(
        "format",
        choice(
            "format",
            "pdf",
            "xlsx",
            "xls",
            "csv",
            "docx",
            "doc",
            "ods",
            "odt",
            "txt",
            "png",
            "jpg",
            "webp",
        ),
    ),
    column("size", sa.Integer()),
    column("sha256", sa.String(64), index=True),
    optional("preview_sha256", sa.String(64)),
    column("created_at", UtcDateTime()),
    sa.UniqueConstraint("uploader_id", "key", name="uq_attachment_key"),
)
table(
    "read_mark",
    column(
        "consultation_id",
        sa.Integer(),
        sa.ForeignKey("consultation.id"),
        primary_key=True,
    ),
    column("user_id", sa.Integer(), sa.ForeignKey("user.id"), primary_key=True),
    column("message_id", sa.Integer()),
    column("read_at", UtcDateTime()),
)
table(
    "draft",
    column(
        "consultation_id",
        sa.Integer(),
        sa.ForeignKey("consultation.id"),
        primary_key=True,
    ),
    column("user_id", sa.Integer(), sa.ForeignKey("user.id"), primary_key=True),
    column("body", sa.Text()),
    column("saved_at", UtcDateTime()),
)
table(
    "canned_answer",
    column("id", sa.Integer(), primary_key=True),
    column("title", sa.String(80)),
    column("body", sa.Text()),
    optional("owner_id", sa.Integer(), sa.ForeignKey("user.id"), index=True),
    column("changed_at", UtcDateTime()),
    column("changed_by_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("made_by_id", sa.Integer(), sa.ForeignKey("user.id")),
)

# Articles, and what was searched.
table(
    "article",
    column("id", sa.Integer(), primary_key=True),
    column("slug", sa.String(120), unique=True),
    column(
        "state", choice("state", "draft", "review", "published", "archived"), index=True
    ),
    column("number", sa.Integer()),
    optional("published_number", sa.Integer()),
    optional(
        "consultation_id", sa.Integer(), sa.ForeignKey("consultation.id"), index=True
    ),
    optional("merged_into_id", sa.Integer(), sa.ForeignKey("article.id")),
    column("created_at", UtcDateTime()),
    column("changed_at", UtcDateTime(), index=True),
    optional("published_at", UtcDateTime()),
)
table(
    "revision",
    column("id", sa.Integer(), primary_key=True),
    column("article_id", sa.Integer(), sa.ForeignKey("article.id")),
    column("number", sa.Integer()),
    column("title", sa.String(200)),
    column("body", sa.Text()),
    column(
        "topic",
        choice(
            "topic", "data", "metadata", "recommendation", "classification", "service"
        ),
    ),
    column("tags", sa.JSON()),
    column("synonyms", sa.JSON()),
    column(
        "answer",
        choice(
            "answer",
            "available",
            "on_request",
            "other_level",
            "not_produced",
            "elsewhere",
        ),
    ),
    column("answer_note", sa.Text()),
    column("source", sa.Text()),
    optional("review_on", sa.Date()),
    column("review_note", sa.Text()),
    optional("author_id", sa.Integer(), sa.ForeignKey("user.id")),
    optional("reviewer_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("created_at", UtcDateTime()),
    sa.UniqueConstraint("article_id", "number"),
)
table(
    "article_file",
    column("id", sa.Integer(), primary_key=True),
    column("article_id", sa.Integer(), sa.ForeignKey("article.id"), index=True),
    column("name", sa.String(200)),
    column("kind", sa.String(10)),
    column("size", sa.Integer()),
    column("token", sa.String(40), unique=True),
    column("added_at", UtcDateTime()),
    column("added_by_id", sa.Integer(), sa.ForeignKey("user.id")),
)
table(
    "article_vote",
    column("id", sa.Integer(), primary_key=True),
    column("article_id", sa.Integer(), sa.ForeignKey("article.id"), index=True),
    column("key", sa.String(64), unique=True),
    column("is_helpful", sa.Boolean()),
    optional(
        "reason", choice("reason", "unclear", "incomplete", "outdated", "other_topic")
    ),
    column("comment", sa.String(500)),
    column("at", UtcDateTime()),
    optional("settled_at", UtcDateTime()),
)
table(
    "search_log",
    column("id", sa.Integer(), primary_key=True),
    column("key", sa.String(12), unique=True),
    column("at", UtcDateTime(), index=True),
    column("place", choice("place", "page", "asking", "desk")),
    column("words", sa.String(200)),
    column("meaning", sa.String(200), index=True),
    column("found", sa.Integer()),
    optional("clicked_id", sa.Integer(), sa.ForeignKey("article.id")),
    column("answered", sa.Boolean()),
    optional("settled_at", UtcDateTime()),
)
table(
    "synonym_group",
    column("id", sa.Integer(), primary_key=True),
    column("terms", sa.Text()),
    column("weight", sa.Double()),
    column("expands", sa.Boolean()),
    optional("changed_at", UtcDateTime()),
)

# Ratings, the survey, follow-ups.
table(
    "rating",
    column("id", sa.Integer(), primary_key=True),
    column(
        "consultation_id", sa.Integer(), sa.ForeignKey("consultation.id"), unique=True
    ),
    column("score", sa.Integer()),
    column("comment", sa.Text()),
    optional("need", choice("need", "met", "partly", "unmet")),
    column("via", choice("via", "link", "page")),
    column("rated_at", UtcDateTime(), index=True),
    optional("changed_at", UtcDateTime()),
    column("suspected", sa.JSON()),
    column("to_review", sa.Boolean()),
    optional("reviewed_at", UtcDateTime()),
    optional("reviewed_by_id", sa.Integer(), sa.ForeignKey("user.id")),
    sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    sa.Index("ix_rating_to_review", "id", **only_where("to_review")),
)
table(
    "rating_reminder",
    column(
        "consultation_id",
        sa.Integer(),
        sa.ForeignKey("consultation.id"),
        primary_key=True,
    ),
    column("reminded_at", UtcDateTime()),
)
table(
    "survey_answer",
    column("id", sa.Integer(), primary_key=True),
    column("user_id", sa.Integer(), sa.ForeignKey("user.id")),
    column(
        "consultation_id", sa.Integer(), sa.ForeignKey("consultation.id"), index=True
    ),
    column("period", sa.String(10)),
    column("version", sa.String(20)),
    column("answered_at", UtcDateTime(), index=True),
    optional("u1", sa.Integer()),
    optional("u2", sa.Integer()),
    optional("u3", sa.Integer()),
    optional("u4", sa.Integer()),
    optional("u5", sa.Integer()),
    optional("u6", sa.Integer()),
    optional("u7", sa.Integer()),
    optional("u8", sa.Integer()),
    optional("u9", sa.Integer()),
    sa.CheckConstraint("u1 BETWEEN 1 AND 4", name="u1"),
    sa.CheckConstraint("u2 BETWEEN 1 AND 4", name="u2"),
    sa.CheckConstraint("u3 BETWEEN 1 AND 4", name="u3"),
    sa.CheckConstraint("u4 BETWEEN 1 AND 4", name="u4"),
    sa.CheckConstraint("u5 BETWEEN 1 AND 4", name="u5"),
    sa.CheckConstraint("u6 BETWEEN 1 AND 4", name="u6"),
    sa.CheckConstraint("u7 BETWEEN 1 AND 4", name="u7"),
    sa.CheckConstraint("u8 BETWEEN 1 AND 4", name="u8"),
    sa.CheckConstraint("u9 BETWEEN 1 AND 4", name="u9"),
    sa.UniqueConstraint("user_id", "period"),
)
table(
    "follow_up",
    column("id", sa.Integer(), primary_key=True),
    column("number", sa.String(20), unique=True),
    column("year", sa.Integer()),
    column("sequence", sa.Integer()),
    column("rating_id", sa.Integer(), sa.ForeignKey("rating.id"), unique=True),
    column("cause", choice("cause", "low_rating", "complaint", "officer")),
    column(
        "progress",
        choice("progress", "open", "sent", "answered", "to_confirm", "closed"),
    ),
    optional("owner_id", sa.Integer(), sa.ForeignKey("user.id")),
    optional("opened_by_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("opened_at", UtcDateTime(), index=True),
    column("due_at", UtcDateTime()),
    column("first_due_at", UtcDateTime()),
    optional("first_sent_at", UtcDateTime()),
    optional("sent_at", UtcDateTime()),
    optional("answered_at", UtcDateTime()),
    optional("due_warned_at", UtcDateTime()),
    optional("breach_told_at", UtcDateTime()),
    column("draft", sa.Text()),
    optional("draft_at", UtcDateTime()),
    column("resolution", sa.Text()),
    optional("resolved_by_id", sa.Integer(), sa.ForeignKey("user.id")),
    optional("resolved_at", UtcDateTime()),
    optional("closed_by_id", sa.Integer(), sa.ForeignKey("user.id")),
    optional("closed_at", UtcDateTime()),
    sa.UniqueConstraint("year", "sequence"),
    sa.Index("ix_follow_up_progress_due_at", "progress", "due_at"),
)
table(
    "follow_up_entry",
    column("id", sa.Integer(), primary_key=True),
    column("follow_up_id", sa.Integer(), sa.ForeignKey("follow_up.id"), index=True),
    column(
        "step",
        choice(
            "step",
            "opened",
            "claimed",
            "handed",
            "sent",
            "answered",
            "rating_changed",
            "proposed",
            "returned",
            "closed",
        ),
    ),
    optional("author_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("body", sa.Text()),
    column("data", sa.JSON()),
    optional("key", sa.String(64)),
    optional(
        "mail_id", sa.Integer(), sa.ForeignKey("outbox_mail.id", ondelete="SET NULL")
    ),
    column("created_at", UtcDateTime()),
    sa.UniqueConstraint("follow_up_id", "key", name="uq_follow_up_entry_key"),
)
table(
    "follow_up_template",
    column("id", sa.Integer(), primary_key=True),
    column("name", sa.String(100), unique=True),
    column("body", sa.Text()),
    column("active", sa.Boolean()),
    column("changed_at", UtcDateTime()),
    optional("changed_by_id", sa.Integer(), sa.ForeignKey("user.id")),
)

# Reports to the head.
table(
    "report",
    column("id", sa.Integer(), primary_key=True),
    column("first_on", sa.Date()),
    column("last_on", sa.Date()),
    column("version", sa.Integer()),
    optional("previous_id", sa.Integer(), sa.ForeignKey("report.id"), unique=True),
    column(
        "state", choice("state", "draft", "discarded", "sent", "returned", "approved")
    ),
    optional("author_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("number", sa.String(100)),
    column("words", sa.JSON()),
    column("created_at", UtcDateTime()),
    column("edited_at", UtcDateTime()),
    optional("sent_at", UtcDateTime()),
    optional("decided_at", UtcDateTime()),
    optional("decided_by_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("comment", sa.Text()),
    optional("frozen", sa.JSON()),
    optional("fingerprint", sa.String(64)),
    optional("pdf", sa.LargeBinary()),
    optional("rows", sa.LargeBinary()),
    sa.Index("ix_report_period", "first_on", "last_on"),
)
table(
    "comment_theme",
    column(
        "rating_id",
        sa.Integer(),
        sa.ForeignKey("rating.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    column("theme", sa.String(40)),
    column("quote", sa.Text()),
    optional("decided_by_id", sa.Integer(), sa.ForeignKey("user.id")),
    column("decided_at", UtcDateTime()),
)

# The index of articles (0017 replaces it): FTS5 with external content, and the words
# with their counts, the deletions that mend spelling, and the totals.
ARTICLE_INDEX = (
    """
    CREATE TABLE article_index_text (
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL,
        category TEXT NOT NULL,
        title TEXT NOT NULL,
        labels TEXT NOT NULL,
        body TEXT NOT NULL,
        title_stems TEXT NOT NULL,
        label_stems TEXT NOT NULL,
        body_stems TEXT NOT NULL,
        fingerprint BLOB NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE article_index USING fts5(
        title, labels, body, title_stems, label_stems, body_stems,
        content='article_index_text', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TABLE article_index_words (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        form TEXT NOT NULL,
        articles INTEGER NOT NULL,
        UNIQUE (kind, form)
    )
    """,
    """
    CREATE INDEX article_index_unused ON article_index_words (id) WHERE articles <= 0
    """,
    """
    CREATE TABLE article_index_deletions (
        hash INTEGER NOT NULL,
        word_id INTEGER NOT NULL,
        PRIMARY KEY (hash, word_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE article_index_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        articles INTEGER NOT NULL,
        title_length INTEGER NOT NULL,
        body_length INTEGER NOT NULL,
        version TEXT NOT NULL
    )
    """,
    """
    INSERT INTO article_index_state VALUES (1, 0, 0, 0, 'shipped')
    """,
)

# Full-text index → the table it indexes, and the columns.
INDEXES = {
    "message_index": ("message", ["body"]),
    "consultation_index": (
        "consultation",
        ["number", "subject", "description", "silastik_number"],
    ),
}

# Table → the acts that are refused, also to one who has the file, and the words.
APPEND_ONLY = {
    "audit_entry": (["UPDATE", "DELETE"], "the audit trail is append-only"),
    "follow_up": (["DELETE"], "follow-ups are never deleted"),
    "follow_up_entry": (["DELETE"], "follow-ups are never deleted"),
}

# What an officer may start a follow-up mail from.
TEMPLATES = {
    "Jawaban kurang lengkap": (
        "Kami mohon maaf karena jawaban pada konsultasi {nomor} belum lengkap."
        " Berikut keterangan yang belum kami sampaikan:\n\n"
        "[tulis keterangan]\n\n"
        "Bila masih ada yang kurang, sebutkan bagian mana, dan kami lengkapi."
    ),
    "Jawaban terlambat": (
        "Kami mohon maaf karena konsultasi {nomor} tidak kami jawab tepat waktu."
        " Penyebabnya: [tulis penyebab].\n\n"
        "Agar tidak terulang, kami telah [tulis perbaikan]."
    ),
    "Data belum tersedia": (
        "Data yang Anda perlukan pada konsultasi {nomor} memang belum tersedia,"
        " karena [tulis alasan].\n\n"
        "Yang dapat Anda pakai sementara ini: [tulis pilihan lain]."
        " Data tersebut direncanakan terbit pada [tulis waktu]."
    ),
    "Sikap petugas": (
        "Kami mohon maaf atas pengalaman Anda dengan petugas kami pada konsultasi"
        " {nomor}. Masukan Anda telah kami bicarakan dengan petugas yang"
        " bersangkutan, dan kami telah [tulis tindakan]."
    ),
    "Saran diterima": (
        "Terima kasih atas saran Anda. Kami telah membahasnya, dan"
        " [tulis hasil pembahasan]."
    ),
}

TEMPLATES_WRITTEN_AT = datetime(2026, 11, 1, tzinfo=UTC)


# The words of a text as FTS5's unicode61 has them: letters and digits, small, without
# marks. The collation says what a letter is, whatever the database was made with.
WORDS_OF = r"""
    CREATE FUNCTION words_of(text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT to_tsvector('pg_catalog.simple', regexp_replace(
            regexp_replace(
                normalize(lower($1 COLLATE "und-x-icu"), NFD),
                '[\u0300-\u036f]', '', 'g'
            ),
            '[^[:alnum:]]+', ' ', 'g'
        ))
    $$
"""
REFUSE = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%', TG_ARGV[0]
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""


def upgrade() -> None:
    metadata.create_all(op.get_bind(), checkfirst=False)
    if op.get_bind().dialect.name == "postgresql":
        index_and_guard_on_postgresql()
    else:
        index_and_guard()
    op.bulk_insert(metadata.tables["synonym_group"], shipped())
    op.bulk_insert(
        metadata.tables["follow_up_template"],
        [
            {
                "name": name,
                "body": body,
                "active": True,
                "changed_at": TEMPLATES_WRITTEN_AT,
            }
            for name, body in TEMPLATES.items()
        ],
    )


def index_and_guard() -> None:
    for statement in ARTICLE_INDEX:
        op.execute(statement)
    for index, (indexed, columns) in INDEXES.items():
        make_index(index, indexed, columns)
    for guarded, (acts, words) in APPEND_ONLY.items():
        for act in acts:
            op.execute(
                f"CREATE TRIGGER {guarded}_no_{act.lower()} BEFORE {act} ON {guarded}"
                f" BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )


def index_and_guard_on_postgresql() -> None:
    op.execute(WORDS_OF)
    for index, (indexed, columns) in INDEXES.items():
        texts = " || ' ' || ".join(f"coalesce({name}, '')" for name in columns)
        op.execute(f"CREATE INDEX {index} ON {indexed} USING gin (words_of({texts}))")
    op.execute(REFUSE)
    for guarded, (acts, words) in APPEND_ONLY.items():
        for act in acts:
            op.execute(
                f"CREATE TRIGGER {guarded}_no_{act.lower()} BEFORE {act} ON {guarded}"
                f" FOR EACH ROW EXECUTE FUNCTION refuse('{words}')"
            )
        op.execute(
            f"CREATE TRIGGER {guarded}_no_truncate BEFORE TRUNCATE ON {guarded}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse('{words}')"
        )


def make_index(index: str, indexed: str, columns: list[str]) -> None:
    """Make a full-text table, and the triggers that keep it."""
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{indexed}',"
        " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3')"
    )
    new = ", ".join(f"new.{name}" for name in columns)
    old = ", ".join(f"old.{name}" for name in columns)
    add = f"INSERT INTO {index}(rowid, {names}) VALUES (new.id, {new});"
    take = (
        f"INSERT INTO {index}({index}, rowid, {names})"
        f" VALUES ('delete', old.id, {old});"
    )
    for name, event, statements in (
        ("added", "INSERT", add),
        ("taken", "DELETE", take),
        ("changed", f"UPDATE OF {names}", f"{take} {add}"),
    ):
        op.execute(
            f"CREATE TRIGGER {index}_{name} AFTER {event} ON {indexed}"
            f" BEGIN {statements} END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        metadata.drop_all(op.get_bind(), checkfirst=False)
        op.execute("DROP FUNCTION refuse()")
        op.execute("DROP FUNCTION words_of(text)")
        return
    # Shadow tables go with their index; the triggers with their table.
    for index in ("article_index", *INDEXES):
        op.execute(f"DROP TABLE {index}")
    for part in ("text", "words", "deletions", "state"):
        op.execute(f"DROP TABLE article_index_{part}")
    metadata.drop_all(op.get_bind(), checkfirst=False)

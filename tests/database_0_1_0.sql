PRAGMA foreign_keys=OFF;
BEGIN;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE user (
	id INTEGER NOT NULL,
	email VARCHAR(254) NOT NULL,
	name VARCHAR(200) NOT NULL,
	password_hash VARCHAR(200) NOT NULL,
	role VARCHAR(40) NOT NULL,
	institution_kind VARCHAR(40),
	institution VARCHAR(200),
	occupation VARCHAR(40),
	phone VARCHAR(40),
	is_visitor BOOLEAN NOT NULL,
	reachable_at VARCHAR(254),
	wants_notices BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	created_at DATETIME NOT NULL,
	verified_at DATETIME,
	consented_at DATETIME,
	consent_version VARCHAR(40), last_log_in_at DATETIME, expiry_told_at DATETIME, two_step_at DATETIME, erased_at DATETIME,
	CONSTRAINT pk_user PRIMARY KEY (id),
	CONSTRAINT uq_user_email UNIQUE (email),
	CONSTRAINT ck_user_role CHECK (role IN ('user', 'officer', 'head', 'admin'))
);
CREATE TABLE log_in (
	id INTEGER NOT NULL,
	token_hash BLOB NOT NULL,
	user_id INTEGER NOT NULL,
	device VARCHAR(200) NOT NULL,
	created_at DATETIME NOT NULL,
	expires_at DATETIME NOT NULL, address VARCHAR(45), seen_at DATETIME NOT NULL, confirmed_at DATETIME NOT NULL,
	CONSTRAINT pk_log_in PRIMARY KEY (id),
	CONSTRAINT fk_log_in_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE,
	CONSTRAINT uq_log_in_token_hash UNIQUE (token_hash)
);
CREATE TABLE link_token (
	id INTEGER NOT NULL,
	purpose VARCHAR(40) NOT NULL,
	token_hash BLOB NOT NULL,
	user_id INTEGER NOT NULL,
	expires_at DATETIME NOT NULL,
	used_at DATETIME,
	CONSTRAINT pk_link_token PRIMARY KEY (id),
	CONSTRAINT fk_link_token_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE,
	CONSTRAINT uq_link_token_token_hash UNIQUE (token_hash),
	CONSTRAINT ck_link_token_purpose CHECK (purpose IN ('verify', 'new_password', 'invite'))
);
CREATE TABLE office_setting (
	"key" VARCHAR(60) NOT NULL,
	value TEXT NOT NULL,
	changed_at DATETIME NOT NULL,
	changed_by_id INTEGER,
	CONSTRAINT pk_office_setting PRIMARY KEY ("key"),
	CONSTRAINT fk_office_setting_changed_by_id_user FOREIGN KEY(changed_by_id) REFERENCES user (id)
);
CREATE TABLE day_off (
	"on" DATE NOT NULL,
	name VARCHAR(200) NOT NULL,
	source VARCHAR(40) NOT NULL,
	is_working BOOLEAN NOT NULL,
	CONSTRAINT pk_day_off PRIMARY KEY ("on"),
	CONSTRAINT ck_day_off_source CHECK (source IN ('official', 'estimated', 'office'))
);
CREATE TABLE audit_entry (
	id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	actor_id INTEGER,
	action VARCHAR(60) NOT NULL,
	subject VARCHAR(60) NOT NULL,
	detail JSON NOT NULL,
	address VARCHAR(45), hash BLOB,
	CONSTRAINT pk_audit_entry PRIMARY KEY (id)
);
CREATE TABLE consultation (
	id INTEGER NOT NULL,
	number VARCHAR(20) NOT NULL,
	year INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	"key" VARCHAR(64),
	category VARCHAR(40) NOT NULL,
	channel VARCHAR(40) NOT NULL,
	minutes INTEGER,
	subject VARCHAR(200) NOT NULL,
	description TEXT NOT NULL,
	details JSON NOT NULL,
	state VARCHAR(40) NOT NULL,
	reason VARCHAR(40),
	user_id INTEGER NOT NULL,
	officer_id INTEGER,
	previous_id INTEGER,
	asked_at DATETIME NOT NULL,
	claimed_at DATETIME,
	clear_at DATETIME,
	due_at DATETIME,
	answered_at DATETIME,
	answered_due_at DATETIME,
	final_answer_at DATETIME,
	final_due_at DATETIME,
	waiting_since DATETIME,
	warned_at DATETIME,
	closing_held VARCHAR(40),
	tell_user_at DATETIME,
	user_told_at DATETIME,
	due_warned_at DATETIME,
	breach_told_at DATETIME,
	closed_at DATETIME,
	reopened_at DATETIME,
	half_told_at DATETIME,
	late_reason VARCHAR(40),
	late_note VARCHAR(300),
	silastik_number VARCHAR(40),
	newest_id INTEGER NOT NULL,
	newest_shown_id INTEGER NOT NULL,
	reads INTEGER NOT NULL,
	CONSTRAINT pk_consultation PRIMARY KEY (id),
	CONSTRAINT fk_consultation_officer_id_user FOREIGN KEY(officer_id) REFERENCES user (id),
	CONSTRAINT fk_consultation_previous_id_consultation FOREIGN KEY(previous_id) REFERENCES consultation (id),
	CONSTRAINT fk_consultation_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
	CONSTRAINT uq_consultation_number UNIQUE (number),
	CONSTRAINT uq_consultation_key UNIQUE (user_id, "key"),
	CONSTRAINT uq_consultation_year UNIQUE (year, sequence),
	CONSTRAINT ck_consultation_category CHECK (category IN ('data', 'metadata', 'recommendation', 'classification')),
	CONSTRAINT ck_consultation_channel CHECK (channel IN ('online', 'counter', 'phone', 'letter', 'whatsapp')),
	CONSTRAINT ck_consultation_state CHECK (state IN ('queued', 'active', 'waiting_user', 'closed')),
	CONSTRAINT ck_consultation_reason CHECK (reason IN ('resolved', 'no_response', 'withdrawn', 'duplicate')),
	CONSTRAINT ck_consultation_held CHECK (closing_held IN ('owed', 'bounced')),
	CONSTRAINT ck_consultation_late_reason CHECK (late_reason IN ('workload', 'others', 'complex', 'system', 'absence', 'other'))
);
CREATE TABLE message (
	id INTEGER NOT NULL,
	consultation_id INTEGER NOT NULL,
	kind VARCHAR(40) NOT NULL,
	author_id INTEGER,
	body TEXT NOT NULL,
	event VARCHAR(40),
	data JSON NOT NULL,
	"key" VARCHAR(64),
	created_at DATETIME NOT NULL,
	is_final BOOLEAN NOT NULL,
	is_flagged BOOLEAN NOT NULL,
	CONSTRAINT pk_message PRIMARY KEY (id),
	CONSTRAINT fk_message_author_id_user FOREIGN KEY(author_id) REFERENCES user (id),
	CONSTRAINT fk_message_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id),
	CONSTRAINT uq_message_key UNIQUE (consultation_id, "key"),
	CONSTRAINT ck_message_kind CHECK (kind IN ('message', 'note', 'event')),
	CONSTRAINT ck_message_event CHECK (event IN ('asked', 'recorded', 'claimed', 'transferred', 'released', 'clarity_asked', 'cleared', 'warned', 'resolved', 'no_response', 'withdrawn', 'duplicate', 'reopened', 'taken_over', 'clock_undone', 'due_moved'))
);
CREATE TABLE synonym_group (
	id INTEGER NOT NULL,
	terms TEXT NOT NULL,
	weight DOUBLE NOT NULL,
	expands BOOLEAN NOT NULL,
	changed_at DATETIME,
	CONSTRAINT pk_synonym_group PRIMARY KEY (id)
);
CREATE TABLE article (
	id INTEGER NOT NULL,
	slug VARCHAR(120) NOT NULL,
	state VARCHAR(40) NOT NULL,
	number INTEGER NOT NULL,
	published_number INTEGER,
	consultation_id INTEGER,
	merged_into_id INTEGER,
	created_at DATETIME NOT NULL,
	changed_at DATETIME NOT NULL,
	published_at DATETIME,
	CONSTRAINT pk_article PRIMARY KEY (id),
	CONSTRAINT fk_article_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id),
	CONSTRAINT fk_article_merged_into_id_article FOREIGN KEY(merged_into_id) REFERENCES article (id),
	CONSTRAINT uq_article_slug UNIQUE (slug),
	CONSTRAINT ck_article_state CHECK (state IN ('draft', 'review', 'published', 'archived'))
);
CREATE TABLE article_file (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	name VARCHAR(200) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	size INTEGER NOT NULL,
	token VARCHAR(40) NOT NULL,
	added_at DATETIME NOT NULL,
	added_by_id INTEGER NOT NULL,
	CONSTRAINT pk_article_file PRIMARY KEY (id),
	CONSTRAINT fk_article_file_added_by_id_user FOREIGN KEY(added_by_id) REFERENCES user (id),
	CONSTRAINT fk_article_file_article_id_article FOREIGN KEY(article_id) REFERENCES article (id),
	CONSTRAINT uq_article_file_token UNIQUE (token)
);
CREATE TABLE article_vote (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	is_helpful BOOLEAN NOT NULL,
	reason VARCHAR(40),
	comment VARCHAR(500) NOT NULL,
	at DATETIME NOT NULL,
	settled_at DATETIME,
	CONSTRAINT pk_article_vote PRIMARY KEY (id),
	CONSTRAINT fk_article_vote_article_id_article FOREIGN KEY(article_id) REFERENCES article (id),
	CONSTRAINT uq_article_vote_key UNIQUE ("key"),
	CONSTRAINT ck_article_vote_reason CHECK (reason IN ('unclear', 'incomplete', 'outdated', 'other_topic'))
);
CREATE TABLE revision (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	body TEXT NOT NULL,
	topic VARCHAR(40) NOT NULL,
	tags JSON NOT NULL,
	synonyms JSON NOT NULL,
	answer VARCHAR(40) NOT NULL,
	answer_note TEXT NOT NULL,
	source TEXT NOT NULL,
	review_on DATE,
	review_note TEXT NOT NULL,
	author_id INTEGER,
	reviewer_id INTEGER,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_revision PRIMARY KEY (id),
	CONSTRAINT fk_revision_article_id_article FOREIGN KEY(article_id) REFERENCES article (id),
	CONSTRAINT fk_revision_author_id_user FOREIGN KEY(author_id) REFERENCES user (id),
	CONSTRAINT fk_revision_reviewer_id_user FOREIGN KEY(reviewer_id) REFERENCES user (id),
	CONSTRAINT uq_revision_article_id UNIQUE (article_id, number),
	CONSTRAINT ck_revision_topic CHECK (topic IN ('data', 'metadata', 'recommendation', 'classification', 'service')),
	CONSTRAINT ck_revision_answer CHECK (answer IN ('available', 'on_request', 'other_level', 'not_produced', 'elsewhere'))
);
CREATE TABLE search_log (
	id INTEGER NOT NULL,
	"key" VARCHAR(12) NOT NULL,
	at DATETIME NOT NULL,
	place VARCHAR(40) NOT NULL,
	words VARCHAR(200) NOT NULL,
	meaning VARCHAR(200) NOT NULL,
	found INTEGER NOT NULL,
	clicked_id INTEGER,
	answered BOOLEAN NOT NULL,
	settled_at DATETIME,
	CONSTRAINT pk_search_log PRIMARY KEY (id),
	CONSTRAINT fk_search_log_clicked_id_article FOREIGN KEY(clicked_id) REFERENCES article (id),
	CONSTRAINT uq_search_log_key UNIQUE ("key"),
	CONSTRAINT ck_search_log_place CHECK (place IN ('page', 'asking', 'desk'))
);
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
    );
CREATE TABLE article_index_words (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        form TEXT NOT NULL,
        articles INTEGER NOT NULL,
        UNIQUE (kind, form)
    );
CREATE TABLE article_index_deletions (
        hash INTEGER NOT NULL,
        word_id INTEGER NOT NULL,
        PRIMARY KEY (hash, word_id)
    ) WITHOUT ROWID
    ;
CREATE TABLE article_index_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        articles INTEGER NOT NULL,
        title_length INTEGER NOT NULL,
        body_length INTEGER NOT NULL,
        version TEXT NOT NULL
    );
CREATE TABLE follow_up_template (
	id INTEGER NOT NULL,
	name VARCHAR(100) NOT NULL,
	body TEXT NOT NULL,
	active BOOLEAN NOT NULL,
	changed_at DATETIME NOT NULL,
	changed_by_id INTEGER,
	CONSTRAINT pk_follow_up_template PRIMARY KEY (id),
	CONSTRAINT fk_follow_up_template_changed_by_id_user FOREIGN KEY(changed_by_id) REFERENCES user (id),
	CONSTRAINT uq_follow_up_template_name UNIQUE (name)
);
CREATE TABLE rating (
	id INTEGER NOT NULL,
	consultation_id INTEGER NOT NULL,
	score INTEGER NOT NULL,
	comment TEXT NOT NULL,
	need VARCHAR(40),
	via VARCHAR(40) NOT NULL,
	rated_at DATETIME NOT NULL,
	changed_at DATETIME,
	suspected JSON NOT NULL,
	to_review BOOLEAN NOT NULL,
	reviewed_at DATETIME,
	reviewed_by_id INTEGER,
	CONSTRAINT pk_rating PRIMARY KEY (id),
	CONSTRAINT ck_rating_score CHECK (score BETWEEN 1 AND 5),
	CONSTRAINT fk_rating_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id),
	CONSTRAINT fk_rating_reviewed_by_id_user FOREIGN KEY(reviewed_by_id) REFERENCES user (id),
	CONSTRAINT uq_rating_consultation_id UNIQUE (consultation_id),
	CONSTRAINT ck_rating_need CHECK (need IN ('met', 'partly', 'unmet')),
	CONSTRAINT ck_rating_via CHECK (via IN ('link', 'page'))
);
CREATE TABLE rating_reminder (
	consultation_id INTEGER NOT NULL,
	reminded_at DATETIME NOT NULL,
	CONSTRAINT pk_rating_reminder PRIMARY KEY (consultation_id),
	CONSTRAINT fk_rating_reminder_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id)
);
CREATE TABLE survey_answer (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	consultation_id INTEGER NOT NULL,
	period VARCHAR(10) NOT NULL,
	version VARCHAR(20) NOT NULL,
	answered_at DATETIME NOT NULL,
	u1 INTEGER,
	u2 INTEGER,
	u3 INTEGER,
	u4 INTEGER,
	u5 INTEGER,
	u6 INTEGER,
	u7 INTEGER,
	u8 INTEGER,
	u9 INTEGER,
	CONSTRAINT pk_survey_answer PRIMARY KEY (id),
	CONSTRAINT ck_survey_answer_u1 CHECK (u1 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u2 CHECK (u2 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u3 CHECK (u3 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u4 CHECK (u4 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u5 CHECK (u5 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u6 CHECK (u6 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u7 CHECK (u7 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u8 CHECK (u8 BETWEEN 1 AND 4),
	CONSTRAINT ck_survey_answer_u9 CHECK (u9 BETWEEN 1 AND 4),
	CONSTRAINT fk_survey_answer_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id),
	CONSTRAINT fk_survey_answer_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
	CONSTRAINT uq_survey_answer_user_id UNIQUE (user_id, period)
);
CREATE TABLE follow_up (
	id INTEGER NOT NULL,
	number VARCHAR(20) NOT NULL,
	year INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	rating_id INTEGER NOT NULL,
	cause VARCHAR(40) NOT NULL,
	progress VARCHAR(40) NOT NULL,
	owner_id INTEGER,
	opened_by_id INTEGER,
	opened_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	first_due_at DATETIME NOT NULL,
	first_sent_at DATETIME,
	sent_at DATETIME,
	answered_at DATETIME,
	due_warned_at DATETIME,
	breach_told_at DATETIME,
	draft TEXT NOT NULL,
	draft_at DATETIME,
	resolution TEXT NOT NULL,
	resolved_by_id INTEGER,
	resolved_at DATETIME,
	closed_by_id INTEGER,
	closed_at DATETIME,
	CONSTRAINT pk_follow_up PRIMARY KEY (id),
	CONSTRAINT fk_follow_up_closed_by_id_user FOREIGN KEY(closed_by_id) REFERENCES user (id),
	CONSTRAINT fk_follow_up_opened_by_id_user FOREIGN KEY(opened_by_id) REFERENCES user (id),
	CONSTRAINT fk_follow_up_owner_id_user FOREIGN KEY(owner_id) REFERENCES user (id),
	CONSTRAINT fk_follow_up_rating_id_rating FOREIGN KEY(rating_id) REFERENCES rating (id),
	CONSTRAINT fk_follow_up_resolved_by_id_user FOREIGN KEY(resolved_by_id) REFERENCES user (id),
	CONSTRAINT uq_follow_up_number UNIQUE (number),
	CONSTRAINT uq_follow_up_rating_id UNIQUE (rating_id),
	CONSTRAINT uq_follow_up_year UNIQUE (year, sequence),
	CONSTRAINT ck_follow_up_cause CHECK (cause IN ('low_rating', 'complaint', 'officer')),
	CONSTRAINT ck_follow_up_progress CHECK (progress IN ('open', 'sent', 'answered', 'to_confirm', 'closed'))
);
CREATE TABLE follow_up_entry (
	id INTEGER NOT NULL,
	follow_up_id INTEGER NOT NULL,
	step VARCHAR(40) NOT NULL,
	author_id INTEGER,
	body TEXT NOT NULL,
	data JSON NOT NULL,
	"key" VARCHAR(64),
	mail_id INTEGER,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_follow_up_entry PRIMARY KEY (id),
	CONSTRAINT fk_follow_up_entry_author_id_user FOREIGN KEY(author_id) REFERENCES user (id),
	CONSTRAINT fk_follow_up_entry_follow_up_id_follow_up FOREIGN KEY(follow_up_id) REFERENCES follow_up (id),
	CONSTRAINT fk_follow_up_entry_mail_id_outbox_mail FOREIGN KEY(mail_id) REFERENCES outbox_mail (id) ON DELETE SET NULL,
	CONSTRAINT uq_follow_up_entry_key UNIQUE (follow_up_id, "key"),
	CONSTRAINT ck_follow_up_entry_step CHECK (step IN ('opened', 'claimed', 'handed', 'sent', 'answered', 'rating_changed', 'proposed', 'returned', 'closed'))
);
CREATE TABLE report (
	id INTEGER NOT NULL,
	first_on DATE NOT NULL,
	last_on DATE NOT NULL,
	version INTEGER NOT NULL,
	previous_id INTEGER,
	state VARCHAR(40) NOT NULL,
	author_id INTEGER,
	number VARCHAR(100) NOT NULL,
	words JSON NOT NULL,
	created_at DATETIME NOT NULL,
	edited_at DATETIME NOT NULL,
	sent_at DATETIME,
	decided_at DATETIME,
	decided_by_id INTEGER,
	comment TEXT NOT NULL,
	frozen JSON,
	fingerprint VARCHAR(64),
	pdf BLOB, rows BLOB,
	CONSTRAINT pk_report PRIMARY KEY (id),
	CONSTRAINT fk_report_author_id_user FOREIGN KEY(author_id) REFERENCES user (id),
	CONSTRAINT fk_report_decided_by_id_user FOREIGN KEY(decided_by_id) REFERENCES user (id),
	CONSTRAINT fk_report_previous_id_report FOREIGN KEY(previous_id) REFERENCES report (id),
	CONSTRAINT uq_report_previous_id UNIQUE (previous_id),
	CONSTRAINT ck_report_state CHECK (state IN ('draft', 'discarded', 'sent', 'returned', 'approved'))
);
CREATE TABLE comment_theme (
	rating_id INTEGER NOT NULL,
	theme VARCHAR(40) NOT NULL,
	quote TEXT NOT NULL,
	decided_by_id INTEGER,
	decided_at DATETIME NOT NULL,
	CONSTRAINT pk_comment_theme PRIMARY KEY (rating_id),
	CONSTRAINT fk_comment_theme_decided_by_id_user FOREIGN KEY(decided_by_id) REFERENCES user (id),
	CONSTRAINT fk_comment_theme_rating_id_rating FOREIGN KEY(rating_id) REFERENCES rating (id) ON DELETE CASCADE
);
CREATE TABLE two_step (
	user_id INTEGER NOT NULL,
	app_nonce VARCHAR(40) NOT NULL,
	recovery_nonce VARCHAR(40) NOT NULL,
	last_step INTEGER NOT NULL,
	used_codes INTEGER NOT NULL,
	codes_saved_at DATETIME,
	enabled_at DATETIME,
	CONSTRAINT pk_two_step PRIMARY KEY (user_id),
	CONSTRAINT fk_two_step_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE consent (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	purpose VARCHAR(40) NOT NULL,
	version VARCHAR(40) NOT NULL,
	given_at DATETIME NOT NULL,
	withdrawn_at DATETIME,
	CONSTRAINT pk_consent PRIMARY KEY (id),
	CONSTRAINT fk_consent_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE,
	CONSTRAINT ck_consent_purpose CHECK (purpose IN ('service', 'survey', 'news'))
);
CREATE TABLE setting_change (
	id INTEGER NOT NULL,
	"key" VARCHAR(60) NOT NULL,
	"before" TEXT NOT NULL,
	"after" TEXT NOT NULL,
	changed_at DATETIME NOT NULL,
	changed_by_id INTEGER,
	CONSTRAINT pk_setting_change PRIMARY KEY (id)
);
CREATE TABLE breach (
	id INTEGER NOT NULL,
	known_at DATETIME NOT NULL,
	what TEXT NOT NULL,
	which_data TEXT NOT NULL,
	how TEXT NOT NULL,
	measures TEXT NOT NULL,
	advice TEXT NOT NULL,
	concerned TEXT NOT NULL,
	reported_at DATETIME,
	told_at DATETIME,
	told_count INTEGER NOT NULL,
	closed_at DATETIME,
	created_by_id INTEGER NOT NULL,
	CONSTRAINT pk_breach PRIMARY KEY (id),
	CONSTRAINT fk_breach_created_by_id_user FOREIGN KEY(created_by_id) REFERENCES user (id)
);
CREATE TABLE "outbox_mail" (
	id INTEGER NOT NULL,
	kind VARCHAR(40) NOT NULL,
	cause VARCHAR(120) NOT NULL,
	to_name VARCHAR(200) NOT NULL,
	to_address VARCHAR(254) NOT NULL,
	subject VARCHAR(300) NOT NULL,
	body TEXT NOT NULL,
	unsubscribe_url VARCHAR(300),
	state VARCHAR(40) NOT NULL,
	attempts INTEGER NOT NULL,
	created_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	sent_at DATETIME,
	error TEXT,
	attachment_name VARCHAR(120),
	attachment_type VARCHAR(80),
	attachment BLOB,
	message_id VARCHAR(120) NOT NULL,
	give_up_at DATETIME NOT NULL,
	leased_until DATETIME,
	CONSTRAINT pk_outbox_mail PRIMARY KEY (id),
	CONSTRAINT ck_outbox_mail_delivery CHECK (state IN ('owed', 'sent', 'failed')),
	CONSTRAINT uq_outbox_mail_cause UNIQUE (cause)
);
CREATE TABLE job_run (
	name VARCHAR(80) NOT NULL,
	started_at DATETIME NOT NULL,
	finished_at DATETIME,
	failed_at DATETIME,
	error TEXT,
	CONSTRAINT pk_job_run PRIMARY KEY (name)
);
CREATE TABLE setup_step (
	name VARCHAR(40) NOT NULL,
	state VARCHAR(40) NOT NULL,
	changed_at DATETIME NOT NULL,
	changed_by_id INTEGER,
	CONSTRAINT pk_setup_step PRIMARY KEY (name),
	CONSTRAINT ck_setup_step_progress CHECK (state IN ('open', 'done', 'skipped')),
	CONSTRAINT fk_setup_step_changed_by_id_user FOREIGN KEY(changed_by_id) REFERENCES user (id)
);
CREATE TABLE parked_item (
	id INTEGER NOT NULL,
	job VARCHAR(80) NOT NULL,
	item_id INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	failed_at DATETIME NOT NULL,
	error TEXT NOT NULL,
	CONSTRAINT pk_parked_item PRIMARY KEY (id),
	CONSTRAINT ck_parked_item_failures CHECK (failures > 0),
	CONSTRAINT uq_parked_item_job UNIQUE (job, item_id)
);
CREATE TABLE attachment (
	id INTEGER NOT NULL,
	consultation_id INTEGER NOT NULL,
	message_id INTEGER,
	uploader_id INTEGER NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	name VARCHAR(200) NOT NULL,
	format VARCHAR(40) NOT NULL,
	size INTEGER NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	preview_sha256 VARCHAR(64),
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_attachment PRIMARY KEY (id),
	CONSTRAINT fk_attachment_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id),
	CONSTRAINT fk_attachment_message_id_message FOREIGN KEY(message_id) REFERENCES message (id),
	CONSTRAINT fk_attachment_uploader_id_user FOREIGN KEY(uploader_id) REFERENCES user (id),
	CONSTRAINT uq_attachment_key UNIQUE (uploader_id, "key"),
	CONSTRAINT ck_attachment_format CHECK (format IN ('pdf', 'xlsx', 'xls', 'csv', 'docx', 'doc', 'ods', 'odt', 'txt', 'png', 'jpg', 'webp'))
);
CREATE TABLE read_mark (
	consultation_id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	message_id INTEGER NOT NULL,
	read_at DATETIME NOT NULL,
	CONSTRAINT pk_read_mark PRIMARY KEY (consultation_id, user_id),
	CONSTRAINT fk_read_mark_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id),
	CONSTRAINT fk_read_mark_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE draft (
	consultation_id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	body TEXT NOT NULL,
	saved_at DATETIME NOT NULL,
	CONSTRAINT pk_draft PRIMARY KEY (consultation_id, user_id),
	CONSTRAINT fk_draft_consultation_id_consultation FOREIGN KEY(consultation_id) REFERENCES consultation (id),
	CONSTRAINT fk_draft_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE duty_week (
	user_id INTEGER NOT NULL,
	weekdays VARCHAR(7) NOT NULL,
	CONSTRAINT pk_duty_week PRIMARY KEY (user_id),
	CONSTRAINT fk_duty_week_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE duty_change (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	first_on DATE NOT NULL,
	last_on DATE NOT NULL,
	note VARCHAR(120) NOT NULL,
	serves BOOLEAN NOT NULL,
	CONSTRAINT pk_duty_change PRIMARY KEY (id),
	CONSTRAINT ck_duty_change_order CHECK (first_on <= last_on),
	CONSTRAINT fk_duty_change_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE hours_period (
	id INTEGER NOT NULL,
	name VARCHAR(120) NOT NULL,
	first_on DATE NOT NULL,
	last_on DATE NOT NULL,
	hours JSON NOT NULL,
	counts BOOLEAN NOT NULL,
	CONSTRAINT pk_hours_period PRIMARY KEY (id),
	CONSTRAINT ck_hours_period_order CHECK (first_on <= last_on)
);
CREATE TABLE "canned_answer" (
	id INTEGER NOT NULL,
	title VARCHAR(80) NOT NULL,
	body TEXT NOT NULL,
	owner_id INTEGER,
	changed_at DATETIME NOT NULL,
	changed_by_id INTEGER NOT NULL,
	made_by_id INTEGER NOT NULL,
	CONSTRAINT pk_canned_answer PRIMARY KEY (id),
	CONSTRAINT fk_canned_answer_changed_by_id_user FOREIGN KEY(changed_by_id) REFERENCES user (id),
	CONSTRAINT fk_canned_answer_owner_id_user FOREIGN KEY(owner_id) REFERENCES user (id),
	CONSTRAINT fk_canned_answer_made_by_id_user FOREIGN KEY(made_by_id) REFERENCES user (id)
);
INSERT INTO "alembic_version" VALUES ('0013');
INSERT INTO "user" VALUES (1, 'siti@contoh.test', 'Siti Rahayu', '$argon2id$v=19$m=19456,t=2,p=1$cwhNgjhcdJd767mjygUmpg$gLVvEPii6Ovp9tYZMAqy7bLMUxsEuPkeav5kJmqjWQM', 'user', 'pendidikan', 'Universitas Jenderal Soedirman', 'pelajar', NULL, 0, NULL, 1, 1, '2026-11-30 09:06:07.022997', '2026-11-30 09:06:07.025162', '2026-11-30 09:06:07.022997', '2026-11', NULL, NULL, NULL, NULL);
INSERT INTO "user" VALUES (2, 'dewi@contoh.test', 'Dewi Lestari', '$argon2id$v=19$m=19456,t=2,p=1$cwhNgjhcdJd767mjygUmpg$gLVvEPii6Ovp9tYZMAqy7bLMUxsEuPkeav5kJmqjWQM', 'user', 'pemda', 'Bappeda Kabupaten Banjarnegara', 'asn', NULL, 0, NULL, 1, 1, '2026-11-30 09:06:07.029695', '2026-11-30 09:06:07.030579', '2026-11-30 09:06:07.029695', '2026-11', NULL, NULL, NULL, NULL);
INSERT INTO "user" VALUES (3, 'budi@contoh.test', 'Budi Santoso', '$argon2id$v=19$m=19456,t=2,p=1$cwhNgjhcdJd767mjygUmpg$gLVvEPii6Ovp9tYZMAqy7bLMUxsEuPkeav5kJmqjWQM', 'officer', NULL, NULL, NULL, NULL, 0, NULL, 1, 1, '2026-11-30 09:06:07.032854', '2026-11-30 09:06:07.033956', '2026-11-30 09:06:07.032854', '2026-11', NULL, NULL, NULL, NULL);
INSERT INTO "user" VALUES (4, 'rina@contoh.test', 'Rina Wijaya', '$argon2id$v=19$m=19456,t=2,p=1$cwhNgjhcdJd767mjygUmpg$gLVvEPii6Ovp9tYZMAqy7bLMUxsEuPkeav5kJmqjWQM', 'officer', NULL, NULL, NULL, NULL, 0, NULL, 1, 1, '2026-11-30 09:06:07.035046', '2026-11-30 09:06:07.035925', '2026-11-30 09:06:07.035046', '2026-11', NULL, NULL, NULL, NULL);
INSERT INTO "user" VALUES (5, 'hasan@contoh.test', 'Hasan Basri', '$argon2id$v=19$m=19456,t=2,p=1$cwhNgjhcdJd767mjygUmpg$gLVvEPii6Ovp9tYZMAqy7bLMUxsEuPkeav5kJmqjWQM', 'head', NULL, NULL, NULL, NULL, 0, NULL, 1, 1, '2026-11-30 09:06:07.037114', '2026-11-30 09:06:07.037927', '2026-11-30 09:06:07.037114', '2026-11', NULL, NULL, NULL, NULL);
INSERT INTO "user" VALUES (6, 'andi@contoh.test', 'Andi Pratama', '$argon2id$v=19$m=19456,t=2,p=1$cwhNgjhcdJd767mjygUmpg$gLVvEPii6Ovp9tYZMAqy7bLMUxsEuPkeav5kJmqjWQM', 'admin', NULL, NULL, NULL, NULL, 0, NULL, 1, 1, '2026-11-30 09:06:07.043882', '2026-11-30 09:06:07.044835', '2026-11-30 09:06:07.043882', '2026-11', NULL, NULL, NULL, NULL);
INSERT INTO "office_setting" VALUES ('office_name', '"BPS Kabupaten Banjarnegara"', '2026-11-30 09:06:06.923109', NULL);
INSERT INTO "office_setting" VALUES ('address', '"Jl. Selamanik 33, Banjarnegara, Provinsi Jawa Tengah 53415"', '2026-11-30 09:06:06.925189', NULL);
INSERT INTO "office_setting" VALUES ('phone', '"(0286) 591893"', '2026-11-30 09:06:06.925840', NULL);
INSERT INTO "office_setting" VALUES ('email', '"bps3304@bps.go.id"', '2026-11-30 09:06:06.926365', NULL);
INSERT INTO "office_setting" VALUES ('website', '"https://banjarnegarakab.bps.go.id"', '2026-11-30 09:06:06.926904', NULL);
INSERT INTO "office_setting" VALUES ('complaint_box', '"Kotak saran dan pengaduan di ruang PST BPS Kabupaten Banjarnegara"', '2026-11-30 09:06:06.927408', NULL);
INSERT INTO "office_setting" VALUES ('city', '"Banjarnegara"', '2026-11-30 09:06:06.927925', NULL);
INSERT INTO "day_off" VALUES ('2025-01-01', 'Tahun Baru Masehi', 'official', 0);
INSERT INTO "day_off" VALUES ('2025-08-17', 'Hari Kemerdekaan Republik Indonesia', 'official', 0);
INSERT INTO "day_off" VALUES ('2025-12-25', 'Hari Raya Natal', 'official', 0);
INSERT INTO "day_off" VALUES ('2025-03-31', 'Hari Raya Idul Fitri', 'official', 0);
INSERT INTO "day_off" VALUES ('2025-04-01', 'Hari kedua dari Hari Raya Idul Fitri', 'official', 0);
INSERT INTO "day_off" VALUES ('2025-06-06', 'Hari Raya Idul Adha', 'official', 0);
INSERT INTO "audit_entry" VALUES (1, '2026-11-30 09:06:06.927985', NULL, 'change_settings', 'office', '{"keys": ["address", "city", "complaint_box", "email", "office_name", "phone", "website"]}', NULL, X'fd215b6dadf3936e2bd62b3becd3910fdf07170fa7c13e3832843034134445c6');
INSERT INTO "audit_entry" VALUES (2, '2026-11-30 09:06:07.024406', 1, 'register', 'user:1', '{"role": "user"}', NULL, X'cfc31a6b519e429a576ad1eae415fc10b509a20bafac8b1f757afd1a8462faa0');
INSERT INTO "audit_entry" VALUES (3, '2026-11-30 09:06:07.025199', 1, 'verify', 'user:1', '{}', NULL, X'23b74de1a2067f3c5cfcf0305e59bb335bf5d9fd1525e0b211e0294f89ead4ab');
INSERT INTO "audit_entry" VALUES (4, '2026-11-30 09:06:07.027711', 1, 'give_consent', 'user:1', '{"purpose": "service"}', NULL, X'b6c3d5e616144d4b7be1a85e3cae378985d43cd7a94d3cc16d5c6a0f2f4ef69a');
INSERT INTO "audit_entry" VALUES (5, '2026-11-30 09:06:07.030121', 2, 'register', 'user:2', '{"role": "user"}', NULL, X'9264f1bbbef11303f830bc4cfdab6b345f2282a15550ea71bd784c719c19b71a');
INSERT INTO "audit_entry" VALUES (6, '2026-11-30 09:06:07.030599', 2, 'verify', 'user:2', '{}', NULL, X'9e4e6532cbd6ff0dfa983497a4d13f602f9a677926ba373d6da3979bf9ccf7a8');
INSERT INTO "audit_entry" VALUES (7, '2026-11-30 09:06:07.031603', 2, 'give_consent', 'user:2', '{"purpose": "service"}', NULL, X'74693a416e3e5725e6df2ed36703500116f6c0c90571ca28e2b11a4764e02924');
INSERT INTO "audit_entry" VALUES (8, '2026-11-30 09:06:07.033445', 3, 'register', 'user:3', '{"role": "officer"}', NULL, X'21fad1562c4d7742bba3d3d2535d9d4d70cd40a7708354c14bfb6b0bc882fb6b');
INSERT INTO "audit_entry" VALUES (9, '2026-11-30 09:06:07.033978', 3, 'verify', 'user:3', '{}', NULL, X'7ff915069120bfddc4ccaef4965c4f558d61d009ab945ac78e87456d0bc76722');
INSERT INTO "audit_entry" VALUES (10, '2026-11-30 09:06:07.035441', 4, 'register', 'user:4', '{"role": "officer"}', NULL, X'c632e50a76ac43c0363b8e14fd14d9843b8cd273abf669a1282ef6c6d39cc54a');
INSERT INTO "audit_entry" VALUES (11, '2026-11-30 09:06:07.035945', 4, 'verify', 'user:4', '{}', NULL, X'f3d21855f97fda7d1cb3270d47223990eee1c4c912baedd02e2a348e8cc49e53');
INSERT INTO "audit_entry" VALUES (12, '2026-11-30 09:06:07.037512', 5, 'register', 'user:5', '{"role": "head"}', NULL, X'885e7c14fb19c6f7639ab1dfe9ed4c70f81e11f2b3a03ca46cfd33a1444de408');
INSERT INTO "audit_entry" VALUES (13, '2026-11-30 09:06:07.037951', 5, 'verify', 'user:5', '{}', NULL, X'ef6db05b9f1e749131785b2e24d38e8c28231dcf4cb9662bf9f294489aab97a5');
INSERT INTO "audit_entry" VALUES (14, '2026-11-30 09:06:07.044284', 6, 'register', 'user:6', '{"role": "admin"}', NULL, X'e6d7c056b51b85ef8427064ac65d53442d4ed2875dd55628b3880715d1faf932');
INSERT INTO "audit_entry" VALUES (15, '2026-11-30 09:06:07.044864', 6, 'verify', 'user:6', '{}', NULL, X'a017b29f8e9a80c2e5d4f00f85b79199e0314ce1e9314f88710a69075974c881');
INSERT INTO "audit_entry" VALUES (16, '2026-11-30 09:06:33.540371', 3, 'claimed', 'consultation:KS-2026-000001', '{"before": "queued", "after": "active"}', NULL, X'347be3bb5f371e4e2308d14514191f71c7a958c983a43646bde1819531cf6606');
INSERT INTO "audit_entry" VALUES (17, '2026-11-30 09:06:33.543696', 3, 'answer', 'consultation:KS-2026-000001', '{"state": "active"}', NULL, X'ee7fe230013a9adf59e045580c0be2b6d5423b5634623adad5baea22d3fda898');
INSERT INTO "audit_entry" VALUES (18, '2026-11-30 09:06:33.546341', 3, 'mark_message', 'consultation:KS-2026-000001', '{"message": 3, "final": true, "flagged": true}', NULL, X'84f014f3309f5f27ae53ecbd91ef1a5c01564dec9f268b84ef9289d8f987c837');
INSERT INTO "audit_entry" VALUES (19, '2026-11-30 09:06:33.552221', 3, 'resolved', 'consultation:KS-2026-000001', '{"before": "active", "after": "closed"}', NULL, X'a2f952a3f346c7cc8a139fbe96b48e20c5995d60b4d23b247453d85c5099aa1e');
INSERT INTO "audit_entry" VALUES (20, '2026-11-30 09:06:33.605862', 1, 'rate', 'consultation:KS-2026-000001', '{"score": 2}', NULL, X'b92a8b8631abc32bca1c352d325f1ca4b316acc01213c85323deca7e59ab239d');
INSERT INTO "audit_entry" VALUES (21, '2026-11-30 09:06:33.615758', NULL, 'follow_up_opened', 'follow_up:TL-2026-000001', '{"progress": "open"}', NULL, X'e40dfec9f94efc8dc83707374ea9568c1be486af0722bfb75121b8b6b7bc46bc');
INSERT INTO "audit_entry" VALUES (22, '2026-11-30 09:06:33.623643', 4, 'claimed', 'consultation:KS-2026-000002', '{"before": "queued", "after": "active"}', NULL, X'36a3842f453e1bccddf0c118c8c44209dcd2218e1f017b62d3afd9fc86a540e2');
INSERT INTO "audit_entry" VALUES (23, '2026-11-30 09:06:33.628256', 3, 'draft_article', 'article:1', '{}', NULL, X'3d29bd05c3bcc1dc020b0366545bfde92652dec93a2ac6df328dc2d80414065c');
INSERT INTO "audit_entry" VALUES (24, '2026-11-30 09:06:33.628974', 3, 'move_article', 'article:1', '{"before": "draft", "after": "review", "revision": 1}', NULL, X'2c0af75151cc71f1133f1db2602e7d8b6d0dd55a87317a76ea3aaea03fea0d25');
INSERT INTO "audit_entry" VALUES (25, '2026-11-30 09:06:33.632008', 4, 'move_article', 'article:1', '{"before": "review", "after": "published", "revision": 1}', NULL, X'e49857f56047a22eca275057877ca01af98f02c7f2177b31f6c88c61e0ac47da');
INSERT INTO "consultation" VALUES (1, 'KS-2026-000001', 2026, 1, 'k1', 'data', 'online', NULL, 'Jumlah penduduk 2024', 'Berapa jumlah penduduk Banjarnegara menurut kecamatan?', '{}', 'closed', 'resolved', 1, 3, NULL, '2026-11-30 09:06:33.511207', '2026-11-30 09:06:33.542157', '2026-11-30 09:06:33.511207', '2026-12-03 08:30:00.000000', '2026-11-30 09:06:33.542179', '2026-12-03 08:30:00.000000', '2026-11-30 09:06:33.542179', '2026-12-03 08:30:00.000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-30 09:06:33.552839', NULL, NULL, NULL, NULL, NULL, 4, 4, 1);
INSERT INTO "consultation" VALUES (2, 'KS-2026-000002', 2026, 2, 'k2', 'metadata', 'online', NULL, 'Arti inflasi', 'Apa arti inflasi tahun kalender?', '{}', 'active', NULL, 1, 4, NULL, '2026-11-30 09:06:33.619724', '2026-11-30 09:06:33.624168', '2026-11-30 09:06:33.619724', '2026-12-03 08:30:00.000000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 6, 6, 0);
INSERT INTO "message" VALUES (1, 1, 'event', 1, '', 'asked', '{}', NULL, '2026-11-30 09:06:33.517435', 0, 0);
INSERT INTO "message" VALUES (2, 1, 'event', 3, '', 'claimed', '{"officer": "Budi Santoso"}', NULL, '2026-11-30 09:06:33.539037', 0, 0);
INSERT INTO "message" VALUES (3, 1, 'message', 3, 'Jumlah penduduk 2024 ada pada tabel 3.1.1.', NULL, '{}', NULL, '2026-11-30 09:06:33.542179', 1, 1);
INSERT INTO "message" VALUES (4, 1, 'event', 3, '', 'resolved', '{}', NULL, '2026-11-30 09:06:33.551258', 0, 0);
INSERT INTO "message" VALUES (5, 2, 'event', 1, '', 'asked', '{}', NULL, '2026-11-30 09:06:33.620859', 0, 0);
INSERT INTO "message" VALUES (6, 2, 'event', 4, '', 'claimed', '{"officer": "Rina Wijaya"}', NULL, '2026-11-30 09:06:33.622818', 0, 0);
INSERT INTO "synonym_group" VALUES (1, 'PDRB
produk domestik regional bruto
GRDP
gross regional domestic product', 1.0, 1, NULL);
INSERT INTO "synonym_group" VALUES (2, 'PDB
produk domestik bruto
GDP
gross domestic product', 1.0, 1, NULL);
INSERT INTO "synonym_group" VALUES (3, 'ADHB
atas dasar harga berlaku
harga berlaku
nominal', 1.0, 1, NULL);
INSERT INTO "synonym_group" VALUES (4, 'ADHK
atas dasar harga konstan
harga konstan
riil', 1.0, 1, NULL);
INSERT INTO "synonym_group" VALUES (5, 'LPE
laju pertumbuhan ekonomi
pertumbuhan ekonomi
economic growth', 1.0, 1, NULL);
INSERT INTO "synonym_group" VALUES (6, 'IPM
indeks pembangunan manusia
HDI
human development index', 1.0, 1, NULL);
INSERT INTO "article" VALUES (1, 'jumlah-penduduk-menurut-kecamatan', 'published', 1, 1, 1, NULL, '2026-11-30 09:06:33.624183', '2026-11-30 09:06:33.631983', '2026-11-30 09:06:33.632503');
INSERT INTO "revision" VALUES (1, 1, 1, 'Jumlah penduduk menurut kecamatan', 'Tabel 3.1.1 memuat jumlah penduduk.', 'data', '[]', '[]', 'available', '', '', NULL, '', 3, 4, '2026-11-30 09:06:33.626862');
INSERT INTO "article_index_text" VALUES (1, 'jumlah-penduduk-menurut-kecamatan', 'data', 'Jumlah penduduk menurut kecamatan', '', 'Tabel 3.1.1 memuat jumlah penduduk.', 'jumlah duduk urut camat', '', 'tabel 3 1 1 puat jumlah duduk', X'9c2a516b359a54bfa9eadeb06a894ec2');
INSERT INTO "article_index_words" VALUES (1, 0, 'tabel', 1);
INSERT INTO "article_index_words" VALUES (2, 0, 'kecamatan', 1);
INSERT INTO "article_index_words" VALUES (3, 0, '3', 1);
INSERT INTO "article_index_words" VALUES (4, 0, 'memuat', 1);
INSERT INTO "article_index_words" VALUES (5, 0, '1', 1);
INSERT INTO "article_index_words" VALUES (6, 0, 'jumlah', 1);
INSERT INTO "article_index_words" VALUES (7, 0, 'menurut', 1);
INSERT INTO "article_index_words" VALUES (8, 0, 'penduduk', 1);
INSERT INTO "article_index_words" VALUES (9, 1, 'tabel', 1);
INSERT INTO "article_index_words" VALUES (10, 1, '3', 1);
INSERT INTO "article_index_words" VALUES (11, 1, 'urut', 1);
INSERT INTO "article_index_words" VALUES (12, 1, '1', 1);
INSERT INTO "article_index_words" VALUES (13, 1, 'puat', 1);
INSERT INTO "article_index_words" VALUES (14, 1, 'camat', 1);
INSERT INTO "article_index_words" VALUES (15, 1, 'jumlah', 1);
INSERT INTO "article_index_words" VALUES (16, 1, 'duduk', 1);
INSERT INTO "article_index_deletions" VALUES (125989272, 7);
INSERT INTO "article_index_deletions" VALUES (393752135, 4);
INSERT INTO "article_index_deletions" VALUES (496067996, 2);
INSERT INTO "article_index_state" VALUES (1, 1, 4, 7, '7984f20d395db3a0');
INSERT INTO "follow_up_template" VALUES (1, 'Jawaban kurang lengkap', 'Kami mohon maaf karena jawaban pada konsultasi {nomor} belum lengkap. Berikut keterangan yang belum kami sampaikan:

[tulis keterangan]

Bila masih ada yang kurang, sebutkan bagian mana, dan kami lengkapi.', 1, '2026-11-01 00:00:00.000000', NULL);
INSERT INTO "follow_up_template" VALUES (2, 'Jawaban terlambat', 'Kami mohon maaf karena konsultasi {nomor} tidak kami jawab tepat waktu. Penyebabnya: [tulis penyebab].

Agar tidak terulang, kami telah [tulis perbaikan].', 1, '2026-11-01 00:00:00.000000', NULL);
INSERT INTO "follow_up_template" VALUES (3, 'Data belum tersedia', 'Data yang Anda perlukan pada konsultasi {nomor} memang belum tersedia, karena [tulis alasan].

Yang dapat Anda pakai sementara ini: [tulis pilihan lain]. Data tersebut direncanakan terbit pada [tulis waktu].', 1, '2026-11-01 00:00:00.000000', NULL);
INSERT INTO "follow_up_template" VALUES (4, 'Sikap petugas', 'Kami mohon maaf atas pengalaman Anda dengan petugas kami pada konsultasi {nomor}. Masukan Anda telah kami bicarakan dengan petugas yang bersangkutan, dan kami telah [tulis tindakan].', 1, '2026-11-01 00:00:00.000000', NULL);
INSERT INTO "follow_up_template" VALUES (5, 'Saran diterima', 'Terima kasih atas saran Anda. Kami telah membahasnya, dan [tulis hasil pembahasan].', 1, '2026-11-01 00:00:00.000000', NULL);
INSERT INTO "rating" VALUES (1, 1, 2, 'Kurang rinci.', NULL, 'link', '2026-11-30 09:06:33.604123', NULL, '[]', 0, NULL, NULL);
INSERT INTO "follow_up" VALUES (1, 'TL-2026-000001', 2026, 1, 1, 'low_rating', 'open', NULL, NULL, '2026-11-30 09:06:33.608385', '2026-12-03 08:30:00.000000', '2026-12-03 08:30:00.000000', NULL, NULL, NULL, NULL, NULL, '', NULL, '', NULL, NULL, NULL, NULL);
INSERT INTO "follow_up_entry" VALUES (1, 1, 'opened', NULL, '', '{}', NULL, 3, '2026-11-30 09:06:33.614280');
INSERT INTO "consent" VALUES (1, 1, 'service', '2026-11', '2026-11-30 09:06:07.027628', NULL);
INSERT INTO "consent" VALUES (2, 2, 'service', '2026-11', '2026-11-30 09:06:07.031551', NULL);
INSERT INTO "setting_change" VALUES (1, 'office_name', '"Badan Pusat Statistik Kabupaten/Kota"', '"BPS Kabupaten Banjarnegara"', '2026-11-30 09:06:06.923109', NULL);
INSERT INTO "setting_change" VALUES (2, 'address', '""', '"Jl. Selamanik 33, Banjarnegara, Provinsi Jawa Tengah 53415"', '2026-11-30 09:06:06.925189', NULL);
INSERT INTO "setting_change" VALUES (3, 'phone', '""', '"(0286) 591893"', '2026-11-30 09:06:06.925840', NULL);
INSERT INTO "setting_change" VALUES (4, 'email', '""', '"bps3304@bps.go.id"', '2026-11-30 09:06:06.926365', NULL);
INSERT INTO "setting_change" VALUES (5, 'website', '""', '"https://banjarnegarakab.bps.go.id"', '2026-11-30 09:06:06.926904', NULL);
INSERT INTO "setting_change" VALUES (6, 'complaint_box', '"Kotak saran dan pengaduan di ruang PST"', '"Kotak saran dan pengaduan di ruang PST BPS Kabupaten Banjarnegara"', '2026-11-30 09:06:06.927408', NULL);
INSERT INTO "setting_change" VALUES (7, 'city', '""', '"Banjarnegara"', '2026-11-30 09:06:06.927925', NULL);
INSERT INTO "outbox_mail" VALUES (1, 'request_received', 'request_received:KS-2026-000001:asked', 'Siti Rahayu', 'siti@contoh.test', 'Konsultasi KS-2026-000001 kami terima', 'Yth. Siti Rahayu,

Permintaan konsultasi Anda telah kami terima.

Nomor konsultasi : KS-2026-000001
Jenis            : Data
Subjek           : Jumlah penduduk 2024
Diterima         : 30 November 2026 pukul 16.06 WIB
Dijawab paling lambat : 3 Desember 2026 pukul 15.30 WIB

Petugas akan melayani Anda dalam 3 hari kerja setelah permintaan jelas. Bila ada keterangan yang perlu dilengkapi, petugas akan menghubungi Anda melalui percakapan.

Pantau keadaan dan tambahkan keterangan di sini:
http://127.0.0.1:8000/konsultasi/KS-2026-000001

--
Pelayanan Statistik Terpadu
BPS Kabupaten Banjarnegara
Jl. Selamanik 33, Banjarnegara, Provinsi Jawa Tengah 53415 | Telp. (0286) 591893 | bps3304@bps.go.id
Layanan ini tidak dipungut biaya. Petugas tidak pernah meminta kata sandi, kode OTP, atau imbalan.
Pengaduan: https://webapps.bps.go.id/pengaduan
Email ini dikirim otomatis; balasan ke alamat ini tidak terbaca. Silakan membalas melalui halaman konsultasi.
', NULL, 'owed', 0, '2026-11-30 09:06:33.537455', '2026-11-30 09:06:33.537460', NULL, NULL, NULL, NULL, NULL, '<fd05b01cdab787f820ea7474c05b98c7@127.0.0.1>', '2026-12-03 09:06:33.537461', NULL);
INSERT INTO "outbox_mail" VALUES (2, 'closed_resolved', 'closed_resolved:KS-2026-000001:closed:2026-11-30T09:06:33.552839+00:00', 'Siti Rahayu', 'siti@contoh.test', 'Konsultasi KS-2026-000001 selesai – mohon penilaian Anda', 'Yth. Siti Rahayu,

Konsultasi "Jumlah penduduk 2024" telah selesai dan ditutup pada 30 November 2026 pukul 16.06 WIB. Terima kasih telah menggunakan layanan kami.

Mohon kesediaan Anda memberi penilaian (kurang dari satu menit, tanpa perlu masuk):
http://127.0.0.1:8000/nilai/IktTLTIwMjYtMDAwMDAxIg.sQ3-Ni2TH6WPVET9l3sCOlQAoN8

Penilaian Anda dianalisis untuk memperbaiki layanan dan tidak memengaruhi pelayanan berikutnya.

Masih ada yang perlu dijelaskan? Balas percakapan dalam 7 hari dan konsultasi dibuka kembali:
http://127.0.0.1:8000/konsultasi/KS-2026-000001

--
Pelayanan Statistik Terpadu
BPS Kabupaten Banjarnegara
Jl. Selamanik 33, Banjarnegara, Provinsi Jawa Tengah 53415 | Telp. (0286) 591893 | bps3304@bps.go.id
Layanan ini tidak dipungut biaya. Petugas tidak pernah meminta kata sandi, kode OTP, atau imbalan.
Pengaduan: https://webapps.bps.go.id/pengaduan
Email ini dikirim otomatis; balasan ke alamat ini tidak terbaca. Silakan membalas melalui halaman konsultasi.
', NULL, 'owed', 0, '2026-11-30 09:06:33.557503', '2026-11-30 09:06:33.557506', NULL, NULL, NULL, NULL, NULL, '<d8ce98a719ca1516525b1e6f6dcb92fa@127.0.0.1>', '2026-12-03 09:06:33.557507', NULL);
INSERT INTO "outbox_mail" VALUES (3, 'low_rating', 'low_rating:TL-2026-000001:opened', 'Siti Rahayu', 'siti@contoh.test', 'Terima kasih atas masukan Anda – konsultasi KS-2026-000001', 'Yth. Siti Rahayu,

Terima kasih atas penilaian dan masukan Anda untuk konsultasi "Jumlah penduduk 2024". Kami mohon maaf karena pelayanan kami belum memenuhi harapan Anda.

Masukan Anda telah dicatat dengan nomor tindak lanjut TL-2026-000001 dan akan kami tanggapi paling lambat 3 Desember 2026 pukul 15.30 WIB.

Bila ada keterangan yang ingin ditambahkan, silakan sampaikan melalui:
http://127.0.0.1:8000/tindak-lanjut/IlRMLTIwMjYtMDAwMDAxIg.QdVYebCoy3SyxNLLVfHKBgVu3NE

Anda juga dapat menggunakan saluran pengaduan resmi: https://webapps.bps.go.id/pengaduan

--
Pelayanan Statistik Terpadu
BPS Kabupaten Banjarnegara
Jl. Selamanik 33, Banjarnegara, Provinsi Jawa Tengah 53415 | Telp. (0286) 591893 | bps3304@bps.go.id
Layanan ini tidak dipungut biaya. Petugas tidak pernah meminta kata sandi, kode OTP, atau imbalan.
Pengaduan: https://webapps.bps.go.id/pengaduan
Email ini dikirim otomatis; balasan ke alamat ini tidak terbaca. Silakan membalas melalui halaman konsultasi.
', NULL, 'owed', 0, '2026-11-30 09:06:33.614194', '2026-11-30 09:06:33.614198', NULL, NULL, NULL, NULL, NULL, '<7dba03d9462b36ab0b1c9d6b16241325@127.0.0.1>', '2026-12-03 09:06:33.614199', NULL);
INSERT INTO "outbox_mail" VALUES (4, 'follow_up_opened', 'follow_up_opened:TL-2026-000001:opened:3', 'Budi Santoso', 'budi@contoh.test', '[Tindak lanjut] TL-2026-000001 – penilaian 2 untuk KS-2026-000001', 'Sebuah penilaian memerlukan tindak lanjut.

Tindak lanjut : TL-2026-000001
Konsultasi    : KS-2026-000001 – Jumlah penduduk 2024
Penilaian     : 2 (Tidak puas)
Tenggat       : 3 Desember 2026 pukul 15.30 WIB

Ambil dan tanggapi di:
http://127.0.0.1:8000/petugas/tindak-lanjut/TL-2026-000001

--
Pelayanan Statistik Terpadu
BPS Kabupaten Banjarnegara
Jl. Selamanik 33, Banjarnegara, Provinsi Jawa Tengah 53415 | Telp. (0286) 591893 | bps3304@bps.go.id
Layanan ini tidak dipungut biaya. Petugas tidak pernah meminta kata sandi, kode OTP, atau imbalan.
Pengaduan: https://webapps.bps.go.id/pengaduan
Email ini dikirim otomatis; balasan ke alamat ini tidak terbaca. Silakan membalas melalui halaman konsultasi.
', NULL, 'owed', 0, '2026-11-30 09:06:33.618989', '2026-11-30 09:06:33.618996', NULL, NULL, NULL, NULL, NULL, '<655843d2fd4abcaece4160ab4454bccf@127.0.0.1>', '2026-12-03 09:06:33.618998', NULL);
INSERT INTO "outbox_mail" VALUES (5, 'request_received', 'request_received:KS-2026-000002:asked', 'Siti Rahayu', 'siti@contoh.test', 'Konsultasi KS-2026-000002 kami terima', 'Yth. Siti Rahayu,

Permintaan konsultasi Anda telah kami terima.

Nomor konsultasi : KS-2026-000002
Jenis            : Metadata
Subjek           : Arti inflasi
Diterima         : 30 November 2026 pukul 16.06 WIB
Dijawab paling lambat : 3 Desember 2026 pukul 15.30 WIB

Petugas akan melayani Anda dalam 3 hari kerja setelah permintaan jelas. Bila ada keterangan yang perlu dilengkapi, petugas akan menghubungi Anda melalui percakapan.

Pantau keadaan dan tambahkan keterangan di sini:
http://127.0.0.1:8000/konsultasi/KS-2026-000002

--
Pelayanan Statistik Terpadu
BPS Kabupaten Banjarnegara
Jl. Selamanik 33, Banjarnegara, Provinsi Jawa Tengah 53415 | Telp. (0286) 591893 | bps3304@bps.go.id
Layanan ini tidak dipungut biaya. Petugas tidak pernah meminta kata sandi, kode OTP, atau imbalan.
Pengaduan: https://webapps.bps.go.id/pengaduan
Email ini dikirim otomatis; balasan ke alamat ini tidak terbaca. Silakan membalas melalui halaman konsultasi.
', NULL, 'owed', 0, '2026-11-30 09:06:33.622456', '2026-11-30 09:06:33.622459', NULL, NULL, NULL, NULL, NULL, '<5a054aee8104517bf43f5ada8b6f4449@127.0.0.1>', '2026-12-03 09:06:33.622460', NULL);
INSERT INTO "read_mark" VALUES (1, 3, 3, '2026-11-30 09:06:33.546269');
CREATE VIRTUAL TABLE article_index USING fts5(
        title, labels, body, title_stems, label_stems, body_stems,
        content='article_index_text', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2'
    );
INSERT INTO article_index(article_index) VALUES ('rebuild');
CREATE VIRTUAL TABLE message_index USING fts5(body, content='message', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3');
INSERT INTO message_index(message_index) VALUES ('rebuild');
CREATE VIRTUAL TABLE consultation_index USING fts5(number, subject, description, silastik_number, content='consultation', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3');
INSERT INTO consultation_index(consultation_index) VALUES ('rebuild');
CREATE INDEX ix_log_in_user_id ON log_in (user_id);
CREATE INDEX ix_link_token_user_id ON link_token (user_id);
CREATE INDEX ix_audit_entry_actor_id ON audit_entry (actor_id);
CREATE INDEX ix_audit_entry_at ON audit_entry (at);
CREATE INDEX ix_audit_entry_subject ON audit_entry (subject);
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE INDEX ix_consultation_asked_at ON consultation (asked_at);
CREATE INDEX ix_consultation_closed_at ON consultation (closed_at);
CREATE INDEX ix_consultation_officer_id_state ON consultation (officer_id, state);
CREATE INDEX ix_consultation_state_due_at ON consultation (state, due_at);
CREATE INDEX ix_consultation_user_id ON consultation (user_id);
CREATE INDEX ix_consultation_tell_user_at ON consultation (tell_user_at) WHERE tell_user_at IS NOT NULL;
CREATE INDEX ix_consultation_unexplained ON consultation (officer_id) WHERE late_reason IS NULL AND state = 'closed' AND (answered_at > answered_due_at OR final_answer_at > final_due_at OR (final_answer_at IS NULL AND due_at < closed_at));
CREATE INDEX ix_message_consultation_id_id ON message (consultation_id, id);
CREATE INDEX ix_message_marked ON message (consultation_id) WHERE is_final OR is_flagged;
CREATE INDEX ix_article_changed_at ON article (changed_at);
CREATE INDEX ix_article_consultation_id ON article (consultation_id);
CREATE INDEX ix_article_state ON article (state);
CREATE INDEX ix_article_file_article_id ON article_file (article_id);
CREATE INDEX ix_article_vote_article_id ON article_vote (article_id);
CREATE INDEX ix_search_log_at ON search_log (at);
CREATE INDEX ix_search_log_meaning ON search_log (meaning);
CREATE INDEX article_index_unused ON article_index_words (id) WHERE articles <= 0
    ;
CREATE INDEX ix_rating_rated_at ON rating (rated_at);
CREATE INDEX ix_rating_to_review ON rating (id) WHERE to_review;
CREATE INDEX ix_survey_answer_answered_at ON survey_answer (answered_at);
CREATE INDEX ix_survey_answer_consultation_id ON survey_answer (consultation_id);
CREATE INDEX ix_follow_up_opened_at ON follow_up (opened_at);
CREATE INDEX ix_follow_up_progress_due_at ON follow_up (progress, due_at);
CREATE INDEX ix_follow_up_entry_follow_up_id ON follow_up_entry (follow_up_id);
CREATE TRIGGER follow_up_no_delete BEFORE DELETE ON follow_up BEGIN SELECT RAISE(ABORT, 'follow-ups are never deleted'); END;
CREATE TRIGGER follow_up_entry_no_delete BEFORE DELETE ON follow_up_entry BEGIN SELECT RAISE(ABORT, 'follow-ups are never deleted'); END;
CREATE INDEX ix_report_period ON report (first_on, last_on);
CREATE INDEX ix_consent_user_id ON consent (user_id);
CREATE INDEX ix_setting_change_key ON setting_change ("key");
CREATE INDEX ix_outbox_mail_state_due_at ON outbox_mail (state, due_at);
CREATE INDEX ix_outbox_mail_to_address ON outbox_mail (to_address);
CREATE INDEX ix_outbox_mail_sent_at ON outbox_mail (sent_at);
CREATE INDEX ix_attachment_consultation_id ON attachment (consultation_id);
CREATE INDEX ix_attachment_message_id ON attachment (message_id);
CREATE INDEX ix_attachment_sha256 ON attachment (sha256);
CREATE INDEX ix_duty_change_user_id ON duty_change (user_id);
CREATE INDEX ix_duty_change_last_on ON duty_change (last_on);
CREATE TRIGGER message_index_added AFTER INSERT ON message BEGIN INSERT INTO message_index(rowid, body) VALUES (new.id, new.body); END;
CREATE TRIGGER message_index_taken AFTER DELETE ON message BEGIN INSERT INTO message_index(message_index, rowid, body) VALUES ('delete', old.id, old.body); END;
CREATE TRIGGER message_index_changed AFTER UPDATE OF body ON message BEGIN INSERT INTO message_index(message_index, rowid, body) VALUES ('delete', old.id, old.body); INSERT INTO message_index(rowid, body) VALUES (new.id, new.body); END;
CREATE INDEX ix_canned_answer_owner_id ON canned_answer (owner_id);
CREATE TRIGGER consultation_index_added AFTER INSERT ON consultation BEGIN INSERT INTO consultation_index(rowid, number, subject, description, silastik_number) VALUES (new.id, new.number, new.subject, new.description, new.silastik_number); END;
CREATE TRIGGER consultation_index_taken AFTER DELETE ON consultation BEGIN INSERT INTO consultation_index(consultation_index, rowid, number, subject, description, silastik_number) VALUES ('delete', old.id, old.number, old.subject, old.description, old.silastik_number); END;
CREATE TRIGGER consultation_index_changed AFTER UPDATE OF number, subject, description, silastik_number ON consultation BEGIN INSERT INTO consultation_index(consultation_index, rowid, number, subject, description, silastik_number) VALUES ('delete', old.id, old.number, old.subject, old.description, old.silastik_number); INSERT INTO consultation_index(rowid, number, subject, description, silastik_number) VALUES (new.id, new.number, new.subject, new.description, new.silastik_number); END;
COMMIT;

"""What every mail says first, and how its links read."""

import re
from dataclasses import replace

import pytest
from flask import current_app

from pst.office import settings
from pst.outbox.message import html
from pst.outbox.threads import takes_replies
from tests.outbox.every_mail import KINDS, write

MAX_SUBJECT = 50
pytestmark = pytest.mark.usefixtures("context", "at")


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_fits_into_a_list_of_mails(kind: str):
    subject, _ = write(kind)

    assert 0 < len(subject) <= MAX_SUBJECT, (len(subject), subject)


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_of_a_mail_has_words_and_its_address_once(kind: str):
    subject, body = write(kind)
    with current_app.test_request_context():
        markup = html.render(subject, body)

    words = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>', markup)
    theirs = [(url, text) for url, text in words if "/artikel/" not in url]
    assert html.BARE not in [text for _, text in theirs], "a link without words"
    assert all("://" not in text for _, text in theirs), theirs
    assert markup.count('class="button"') == ("/konsultasi/" in body)
    assert len(re.findall("<small", markup)) == len(theirs)
    ours = re.findall(r"https?://\S+", body)
    assert {url for url, _ in words} == set(ours), "no address without a link"


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_a_mail_stays_readable(kind: str):
    _, body = write(kind)

    assert "<" not in body and "&amp;" not in body
    assert "\n\n\n\n" not in body


def test_what_people_wrote_becomes_no_link(context: None):
    with current_app.test_request_context():
        markup = html.render("x", "Klik:\nhttps://jahat.test/\n\nA: javascript:x")

    assert "<a " not in markup and "https://jahat.test/" in markup


def test_a_text_that_looks_like_a_signature_stays_in_the_text(context: None):
    with current_app.test_request_context():
        markup = html.render("x", "Satu\n--\nDua\n\n--\nKantor\n")

    assert "Dua" in markup.partition("<hr>")[0]
    assert "Kantor" in markup.partition("<hr>")[2]


def test_an_address_that_only_begins_like_ours_is_no_page_of_ours():
    base = current_app.config["PST"].base_url
    assert html.is_ours(base) and html.is_ours(f"{base}/nilai/kode")
    assert not html.is_ours(f"{base}.jahat.test/nilai/kode")
    assert not html.is_ours(f'{base}/nilai/kode" onclick="x')


def test_only_the_user_of_a_conversation_answers_its_mails(consultation, budi):
    about, config = {"consultation": consultation}, current_app.config["PST"]
    assert not takes_replies(about, consultation.user.email), "no one reads them"
    read = {"bounce_mailbox": object(), "bounce_address": "b-*@contoh.test"}
    current_app.config["PST"] = replace(config, **read)

    settings.change({"reply_by_mail": True})
    assert takes_replies(about, consultation.user.email)
    assert not takes_replies(about, budi.email)
    settings.change({"reply_by_mail": False})
    assert not takes_replies(about, consultation.user.email)

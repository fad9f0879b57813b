"""Mails as servers and people send them back, about a mail of ours."""

DSN = """\
Return-Path: <>
From: MAILER-DAEMON@relay.test (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <{id}@relay.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at host relay.test.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.test

Final-Recipient: rfc822; siti@contoh.test
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: message/rfc822

From: Layanan <pst@contoh.test>
Message-ID: {about}
Subject: Jawaban

Isi.
--b--
"""
QMAIL = """\
From: MAILER-DAEMON@qmail.test
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at qmail.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<siti@contoh.test>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Subject: Warning: 4.2.2 quota
"""
EXIM = """\
From: Mail Delivery System <Mailer-Daemon@exim.test>
To: {to}
X-Failed-Recipients: siti@contoh.test
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered to one or more of its recipients.

  siti@contoh.test
    Unrouteable address
"""
EXIM_LATE = """\
From: Mail Delivery System <Mailer-Daemon@exim.test>
To: {to}
Auto-Submitted: auto-replied
Subject: Warning: message 1abc-0001 delayed 24 hours

A message has not yet been delivered to one or more of its recipients after more
than 24 hours. No action is required on your part. Delivery attempts will continue.
"""
FULL = """\
From: postmaster@mail.test
To: {to}
Subject: Delivery failure

552 Mailbox full, quota exceeded
"""
VACATION = """\
From: Siti <siti@contoh.test>
To: {to}
Subject: Re: Jawaban
Auto-Submitted: auto-replied
In-Reply-To: {about}

Saya sedang cuti. Error 550 5.1.1 tidak ada hubungannya.
"""
EXCHANGE_AWAY = """\
From: Siti <siti@contoh.test>
To: {to}
Subject: Automatic reply: Jawaban
Return-Path: <>

I am out of office.
"""
FROM_A_LIST = """\
From: Siti <siti@contoh.test>
To: {to}
Subject: Jawaban
List-Id: <daftar.contoh.test>
Precedence: list

Diteruskan.
"""
REPLY = """\
From: Siti Rahayu <siti@contoh.test>
To: {to}
Subject: Re: Jawaban
Message-ID: <{id}@hp.test>
In-Reply-To: {about}

Terima kasih, yang saya maksud tahun 2024.
"""


def write(
    sample: str,
    *,
    to: str = "pst@contoh.test",
    about: str = "",
    id: str = "r1",
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "550 5.1.1 User unknown",
) -> bytes:
    """Fill `sample` in."""
    return sample.format(
        to=to, about=about, id=id, action=action, status=status, words=words
    ).encode()

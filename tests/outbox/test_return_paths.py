"""Which mail of ours is named in one that came in: by a seal, among few candidates."""

import pytest

from pst.outbox.incoming.return_paths import _tag, mail_named_in


def test_a_sealed_address_names_its_mail_and_a_made_up_one_none(mail):
    tag = _tag(mail.id)
    assert mail_named_in(f"To: pst+{tag}@contoh.test".encode()) is mail
    seal = tag.partition("-")[2]
    for made_up in (f"b{mail.id + 1}-{seal}", f"b{mail.id}-{'0' * 20}"):
        assert mail_named_in(f"To: pst+{made_up}@contoh.test".encode()) is None
    assert mail_named_in(b"") is None


@pytest.mark.parametrize(("before", "is_found"), [(7, True), (8, False)])
def test_eight_candidates_are_looked_at(mail, before, is_found):
    made_up = [f"b{n}-{n:020x}" for n in range(1, before + 1)]
    named = mail_named_in(" ".join((*made_up, _tag(mail.id))).encode())
    assert (named is mail) is is_found

    ids = [f"<{n:032x}@contoh.test>" for n in range(1, before + 1)]
    named = mail_named_in(" ".join((*ids, mail.message_id)).encode())
    assert (named is mail) is is_found

"""A browser is known to the accounts that logged in from it, by a cookie of ours."""

from flask import Flask, Response

from pst.accounts.log_in.known_browsers import is_genuine, mark_of, remember

DAY_S = 24 * 60 * 60


def cookie_after(app: Flask, email: str, before: str = "") -> str:
    """Log in from the browser that has the cookie `before`; return its new one."""
    headers = {"Cookie": f"{NAME}={before}"} if before else {}
    with app.test_request_context(headers=headers):
        response = Response()
        remember(response, email)
    (header,) = response.headers.getlist("Set-Cookie")
    assert f"Max-Age={400 * DAY_S}" in header
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/" in header
    return header.partition("=")[2].partition(";")[0]


NAME = "pst_d"


def knows(app: Flask, cookie: str, email: str) -> bool:
    with app.test_request_context(headers={"Cookie": f"{NAME}={cookie}"}):
        return mark_of(email) is not None


def test_a_browser_keeps_its_mark_and_knows_five_accounts(app: Flask):
    people = [f"{n}@contoh.test" for n in range(6)]
    cookie = cookie_after(app, people[0])
    mark = cookie[:16]
    for email in people[1:5]:
        cookie = cookie_after(app, email, cookie)
    assert all(knows(app, cookie, email) for email in people[:5])
    assert cookie[:16] == mark

    cookie = cookie_after(app, people[0], cookie)  # used just now
    cookie = cookie_after(app, people[5], cookie)
    assert knows(app, cookie, people[5]) and knows(app, cookie, people[0])
    assert not knows(app, cookie, people[1]), "it was used longest ago"
    assert all(knows(app, cookie, email) for email in people[2:5])


def test_an_account_is_known_in_any_case_of_its_address(app: Flask):
    cookie = cookie_after(app, "siti@contoh.test")
    assert knows(app, cookie, " SITI@contoh.test")
    assert not knows(app, cookie, "dewi@contoh.test")


def test_a_cookie_that_we_did_not_give_begins_a_new_mark(app: Flask):
    cookie = cookie_after(app, "siti@contoh.test")
    key = app.config["PST"].secret_key
    assert is_genuine(cookie, key)
    for forged in ("", "x" * 88, "y" + cookie[1:], cookie[:17] + "g" + cookie[18:]):
        assert not is_genuine(forged, key)
        assert cookie_after(app, "dewi@contoh.test", forged)[:16] != forged[:16]
    assert not is_genuine(cookie, key + "x")


def test_a_mark_of_another_browser_is_no_seal(app: Flask):
    mine, theirs = (cookie_after(app, "siti@contoh.test") for _ in range(2))
    assert mine[:16] != theirs[:16]
    assert not knows(app, mine[:40] + theirs[40:], "siti@contoh.test")

"""A log-in is listed by what its browser calls itself, in plain words."""

import pytest

from pst.accounts.log_in.devices import device

ANDROID = "Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{ANDROID} Chrome/120.0.0.0 Mobile Safari/537.36", "Chrome di Android"),
        (
            f"{ANDROID} SamsungBrowser/23 Chrome/115 Mobile",
            "Samsung Internet di Android",
        ),
        (f"{WINDOWS} Chrome/120.0.0.0 Safari/537.36 Edg/120.0", "Edge di Windows"),
        (f"{WINDOWS} Gecko/20100101 Firefox/121.0", "Firefox di Windows"),
        (f"{IPHONE} Version/17.0 Mobile/15E148 Safari/604.1", "Safari di iPhone"),
        ("Firefox/121.0", "Firefox"),
        ("curl (Linux)", "Linux"),
        ("", "Perangkat lain"),
    ],
)
def test_a_device_has_a_name(user_agent, words):
    assert device(user_agent) == words

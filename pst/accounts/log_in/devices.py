"""The browser and system that a user agent names, in words for its user."""

import re

BROWSERS = (
    (re.compile(r"Edg(?:A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"UCBrowser/"), "UC Browser"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
SYSTEMS = (
    (re.compile(r"Android"), "Android"),
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Macintosh|Mac OS"), "Mac"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Linux"), "Linux"),
)


def device(user_agent: str) -> str:
    """Write `Chrome di Android`."""
    browser = next((name for sign, name in BROWSERS if sign.search(user_agent)), "")
    system = next((name for sign, name in SYSTEMS if sign.search(user_agent)), "")
    if browser and system:
        return f"{browser} di {system}"
    return browser or system or "Perangkat lain"

"""What tests of closing at the desk look at."""

import re

OTHER = "KS-2026-000002"
ANSWER = "Jumlahnya 31.000 jiwa."
WHY = "Pertanyaan ini bukan tentang statistik; mohon hubungi Dinas Kependudukan."


def button(page: str, path: str) -> dict[str, str]:
    """Read the hidden fields of the form that goes to `path`, but its token."""
    form = re.search(rf'<form[^>]*action="{path}".*?</form>', page, re.S)
    assert form, f"no form for {path}"
    ticks = r'type="(?:checkbox|radio)"'
    inputs = rf'<input(?![^>]*{ticks})[^>]*?name="(\w+)"[^>]*?value="([^"]*)"'
    matches = re.findall(inputs, form[0])
    return {name: text for name, text in matches if name != "csrf_token"}

"""What a person reads once their request is filed."""


def received(*numbers: str) -> str:
    """Return the sentence that confirms the requests of these numbers."""
    return f"Konsultasi diterima. Nomor Anda {', '.join(numbers)}."

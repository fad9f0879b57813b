"""What the page of a conversation says of its request, written once."""

from markupsafe import Markup

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.web.formats.formatting import moment
from pst.web.once import part


def html(consultation: Consultation, reader: User) -> Markup:
    """Write the facts of a request, with links for who looks at them."""
    is_at_desk = reader.is_staff and reader.id != consultation.user_id
    previous = consultation.previous if consultation.previous_id else None
    original = consultation.duplicate_of if consultation.duplicate_of_id else None
    return part(
        "consultations/_facts.html",
        number=consultation.number,
        category=consultation.category,
        channel=consultation.channel,
        minutes=consultation.minutes,
        asked=moment(consultation.asked_at),
        details=tuple(consultation.details.items()),
        previous=previous.number if previous else "",
        original=original.number if original else "",
        duplicates=tuple(consultation.duplicate_numbers),
        page="desk.show" if is_at_desk else "consultations.show",
    )

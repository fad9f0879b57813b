"""What somebody is told who may not do something to a consultation."""

from typing import TYPE_CHECKING

from pst.accounts.users import User
from pst.consultations.states import State
from pst.errors import WrongState

if TYPE_CHECKING:
    from pst.consultations.models import Consultation

CLOSED = "Konsultasi ini sudah ditutup."
NO_OTHER = (
    "Pilih konsultasi lain dari pengguna yang sama, yang tidak dibatalkan dan bukan"
    " permintaan ganda. Bila tidak ada, konsultasi ini bukan permintaan ganda."
)
ERASED = "Isi konsultasi ini sudah dihapus, jadi tidak dapat ditulisi lagi."


def whose_it_is(consultation: "Consultation") -> str:
    if consultation.officer is not None:
        return f"Konsultasi ini ditangani {consultation.officer.name}."
    return "Ambil konsultasi ini dahulu sebelum melayaninya."


def why_not_claimable(consultation: "Consultation") -> str:
    if consultation.state is State.CLOSED:
        return CLOSED
    name = consultation.officer.name if consultation.officer else "petugas lain"
    return f"Konsultasi ini baru saja diambil {name}."


def why_not_closable(consultation: "Consultation", by: User | None) -> str:
    if consultation.state is State.CLOSED:
        return CLOSED
    if by is not None and by.is_officer and not consultation.is_served_by(by):
        return whose_it_is(consultation)
    return "Tindakan ini tidak dapat dilakukan pada keadaan konsultasi sekarang."


def why_not_reopenable(consultation: "Consultation") -> str:
    if consultation.is_open:
        return "Konsultasi ini sedang berjalan."
    if consultation.can_be_reopened():
        return whose_it_is(consultation)
    return (
        "Konsultasi ini tidak dapat dibuka kembali lagi. Pengguna dapat mengajukan"
        " konsultasi lanjutan."
    )


def require_another(consultation: "Consultation", officer: User) -> None:
    """Raise `WrongState` when `officer` would serve what they asked themselves."""
    if officer.id == consultation.user_id:
        raise WrongState(
            f"Konsultasi ini diajukan {officer.name} sendiri, jadi dilayani petugas"
            " lain."
        )

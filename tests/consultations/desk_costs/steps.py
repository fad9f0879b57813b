"""How many closed consultations a busy desk has."""

from pst.consultations.desk.worklist.worklist import PAGE_LENGTH

CLOSED = 3 * PAGE_LENGTH

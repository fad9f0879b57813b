"""What models raise when a rule of the service forbids something."""


class WrongState(ValueError):
    """An action that the state of a row does not allow now; its text is shown."""

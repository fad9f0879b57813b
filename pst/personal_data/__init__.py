"""Personal data (UU 27/2022): access, copies, consents, retention and erasure."""

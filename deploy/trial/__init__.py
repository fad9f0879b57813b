"""A clean Debian, booted with its own systemd, on which the installer is tried."""

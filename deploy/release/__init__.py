"""What `bin/release` does: an archive that installs without the internet."""

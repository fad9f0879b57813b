"""What `deploy/install`, `upgrade`, `uninstall` and the command `pst` do."""

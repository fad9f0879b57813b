"""Who is who: accounts, log-ins, signed links."""

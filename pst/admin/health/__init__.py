"""How the system is: looks at it, pages for monitors, mails of what is red."""

"""What Statistics Indonesia publishes: tables, publications, releases and figures."""

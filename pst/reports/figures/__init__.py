"""The figures of a period: counted from the rows of the service."""

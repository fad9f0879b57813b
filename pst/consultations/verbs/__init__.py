"""The verbs of a consultation, a matter each: a chain of classes up to `models`."""

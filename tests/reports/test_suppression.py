"""Small counts are hidden, and no one works them out from what is shown."""

import pytest

from pst.reports.figures.disclosure.suppression import suppressed


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        # No one, and five or more, point at no one.
        ({"a": 5, "b": 9, "c": 0}, {"a": 5, "b": 9, "c": 0}),
        # One hidden count would be the total less the others.
        ({"a": 4, "b": 9, "c": 30}, {"a": None, "b": None, "c": 30}),
        # The smallest of the others goes with it, be it just enough to be shown.
        ({"a": 4, "b": 5, "c": 30}, {"a": None, "b": None, "c": 30}),
        # Two that make 5 together say nothing of either.
        ({"a": 2, "b": 3, "c": 30}, {"a": None, "b": None, "c": 30}),
        # Two that make less are few people still.
        ({"a": 1, "b": 1, "c": 7, "d": 30}, {"a": None, "b": None, "c": None, "d": 30}),
        ({"a": 1, "b": 3, "c": 7}, {"a": None, "b": None, "c": None}),
        # There is no other to hide it with.
        ({"a": 3}, {"a": None}),
        ({}, {}),
    ],
)
def test_what_is_shown_next_to_a_total(counts, shown):
    assert suppressed(counts) == shown

"""Small mistakes, put into the rules one at a time: does a test notice?

Our own driver. mutmut 3 leaves decorated functions alone, here a third of them (each
property), and cosmic-ray starts a Python for each mistake, which takes longer than most
of our tests. This one collects the tests once, and learns from coverage.py which lines
each runs through; what it learnt is kept. Then for each mistake it forks, puts the code
of the one function in its place, and runs the tests that meet its line until one fails.
"""

"""Small mistakes, put into the rules one at a time: does a test notice?

Our own driver. mutmut 3 leaves decorated functions alone, here a third of them (each
property), and cosmic-ray starts a Python for each mistake, which takes longer than most
of our tests. This one collects the tests once, runs them once to learn which of them
call which function, and then for each mistake forks, puts the code of the one function
in its place and runs the tests that call it.
"""

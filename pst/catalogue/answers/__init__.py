"""From a question in people's words to the figure, its series and its chart."""

"""What a report may show of people: few answers, small counts, their words."""

"""What goes into an answer: canned texts, drafts, codes, words of patience."""

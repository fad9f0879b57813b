"""The pages anybody reads: home, service standard, complaints, privacy."""

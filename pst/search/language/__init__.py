"""What words mean: Indonesian as it is written, spoken and mistyped, and its places."""

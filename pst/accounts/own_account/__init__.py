"""A person and their own account: name, address, password, second step, devices."""

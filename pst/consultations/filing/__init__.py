"""Filing a request, with an account or before there is one."""

"""Lists and values as BPS publishes them by machine: asked for, checked, taken over."""

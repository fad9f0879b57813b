"""Personal data (UU 27/2022): to be seen, taken along, taken back and erased."""

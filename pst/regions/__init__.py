"""Provinces, districts, kecamatan and villages with the codes of BPS and Kemendagri."""

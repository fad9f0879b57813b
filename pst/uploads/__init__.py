"""What people send as files: kinds, pictures, checks; no feature knows how."""

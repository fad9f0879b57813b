"""What every page needs: access, answers, fields, formats, assets."""

"""The continuous copy: changes leave this machine within a minute, and come back."""

"""An allocation as text or bytes: the only place where figures are rounded and put into words."""

"""What typed keys amounted to, and what may be said of it."""

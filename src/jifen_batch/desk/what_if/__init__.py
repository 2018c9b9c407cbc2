"""`what-if`: edited rule books tried before anybody decides (specification 5)."""

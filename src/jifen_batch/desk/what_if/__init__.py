"""`what-if`: edited rule books tried before anybody decides (contract 5)."""

"""What people mean: text in, one intent and what it states out. Pure; no network, no clock."""

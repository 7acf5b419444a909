"""The official-account door: what people write to the service account, and what it answers."""

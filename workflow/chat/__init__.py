"""The official account's chat: who writes, where the talk stands, one turn at a time."""

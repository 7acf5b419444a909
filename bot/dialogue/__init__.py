"""The talk itself, pure: state and what was heard → state, replies, and an act to carry out."""

"""Who signs in, for whom they act, in what office."""

"""Small public doors beside the mini-program's: the integration API of other platforms."""

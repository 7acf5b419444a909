"""What one utterance states about a form, subject by subject; put together by ``stated``."""

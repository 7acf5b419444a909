"""联合踏勘记录: what was found jointly, and the word of everybody who came."""

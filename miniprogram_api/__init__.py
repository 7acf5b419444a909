"""The mini-program and desk door: JSON over HTTP under ``/api/v1``, one file a resource.

Routes are declared with ``doors``; ``door.RESOURCES`` lists them, ``answers`` types what they say.
"""

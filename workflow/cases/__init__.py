"""The life of an application: what each step does, and what follows from it."""

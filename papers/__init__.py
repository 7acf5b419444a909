"""Printed forms and slips."""

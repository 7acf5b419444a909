"""Figures with their units, and which of them are amounts asked for."""

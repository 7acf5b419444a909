"""Filling in form A or B by talking; everything derives from the city's field definitions."""

"""What other platforms push in and pull out."""

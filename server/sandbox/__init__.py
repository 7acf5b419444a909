"""What exists in a demo only: playing its people, moving its clock."""

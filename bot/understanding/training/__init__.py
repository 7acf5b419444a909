"""How the intent model is made from what the writers wrote. Needs the development packages."""

"""How well people are understood: labelled utterances judged as the city's reviewers do."""

"""A run as paper: its story, questions with room to answer, and the answers at the end."""

"""What happened: events, recordings, the scene folded from them, the player."""

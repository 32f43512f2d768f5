"""What it means: words in each language, explanations, the rules and their sources."""

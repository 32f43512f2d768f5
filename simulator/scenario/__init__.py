"""What is to happen: the scenario, its loader, its shipped library."""

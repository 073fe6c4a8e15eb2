"""What a student answered: kept, merged, sealed and handed in."""

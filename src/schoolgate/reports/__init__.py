"""What leaves the house: reports made from queries only."""

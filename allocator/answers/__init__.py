"""What a reader asks of an allocation: each a pure function of it, in numbers, not in words."""

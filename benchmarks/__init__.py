"""How fast the allocator is, beside a floor and beside what a user would write; see README.md here."""

"""Many captures: a report each, in processes of their own, and an index over all of them."""

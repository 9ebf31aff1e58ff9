"""The options and arguments of the commands, each written once."""

"""Files that users write: YAML with the line of every mistake, and expressions in CEL."""

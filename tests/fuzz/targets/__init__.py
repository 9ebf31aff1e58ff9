"""The fuzz targets, one in a file: `seeds` to begin with; `attempt`, which raises where it is wrong."""

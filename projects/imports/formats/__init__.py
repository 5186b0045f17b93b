"""Documents that are no plain text → lines; each module has `read_lines(name, data)` and raises `UnreadableFile`."""

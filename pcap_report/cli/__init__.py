"""The command line: Typer commands, console, progress, exit codes. What is known comes from the engine."""

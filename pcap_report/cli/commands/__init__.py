"""The commands: what each is called with. app.py lists them."""

"""What the program is installed with: the packages, their licences, and lists of both."""

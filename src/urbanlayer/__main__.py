"""`python -m urbanlayer` is the command."""

from urbanlayer.cli import main

if __name__ == "__main__":
    main()

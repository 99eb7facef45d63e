"""Lets `python -m moderation` do what the `moderation` command does."""

from moderation.cli.main import main

if __name__ == "__main__":
    main(prog_name="moderation")

"""Run the command line: `python -m classifier`."""

from classifier.cli.program import main

main(prog_name="python -m classifier")

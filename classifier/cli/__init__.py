"""The command line of the classifier: one file for each thing somebody comes to do."""

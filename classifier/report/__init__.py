"""What a model can do, as one page of HTML with plots that opens anywhere and asks nobody."""

"""What a site's blocks catch."""

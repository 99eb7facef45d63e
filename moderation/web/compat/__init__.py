"""Other systems' protocols, spoken as their clients expect."""

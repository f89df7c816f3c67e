"""One of each text: exact by digest, near by verified Jaccard."""

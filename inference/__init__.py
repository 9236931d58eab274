"""Stage 3: any report in, records out."""

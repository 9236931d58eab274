"""Files to Documents: encodings, formats, metadata, sections, sentences."""

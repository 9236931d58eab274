"""The tagger: characters to spans and links by an encoder. Importing this package imports no torch."""

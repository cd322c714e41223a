"""Everything that trains, samples and stores. Never imports Qt."""

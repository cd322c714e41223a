"""Folders, class folders and zips of pictures become batches on a device."""

"""The resources of the OGC API as pages for people: made of the same documents that machines read."""

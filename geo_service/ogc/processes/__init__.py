"""OGC API - Processes - Part 1: Core (18-062r2): the processes, their jobs, and the resources that show them."""

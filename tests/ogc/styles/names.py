"""The styles that there are, and their media type."""

MAPBOX_STYLE = "application/vnd.mapbox.style+json"
STYLE_IDS = ("status", "status-adv-25832")

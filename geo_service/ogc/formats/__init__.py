"""The formats of features besides GeoJSON: texts made by the database, and files made by GDAL."""

"""Open a project; arguments: file, folder for pictures."""

import sys

from qgis.core import QgsProject
from seen import finish, render, settle, start

application = start()
project = QgsProject.instance()
read = project.read(sys.argv[1])
nodes = project.layerTreeRoot().findLayers()
box = project.viewSettings().defaultViewExtent()
corners = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
shown = [node.layer() for node in nodes if node.isVisible()]
far = render(shown, f"{sys.argv[2]}/project-far.png", corners)
near = render(shown, f"{sys.argv[2]}/project-near.png", (457200, 5655600, 466200, 5662000))
settle(application)
finish({
    "read": read,
    "error": project.error(),
    "title": project.title(),
    "crs": project.crs().authid(),
    "box": corners,
    "layers": [
        {
            "name": node.name(),
            "on": node.isVisible(),
            "valid": node.layer().isValid(),
            "crs": node.layer().crs().authid(),
            "source": node.layer().source(),
            "extent": node.layer().extent().toString(0),
        }
        for node in nodes
    ],
    "far": far,
    "near": near,
})  # fmt: skip

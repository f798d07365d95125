"use strict";
// Draws the scene that stands in this file as data; nothing is asked of any other place.
const map = L.map("map", { center: [45, 50], zoom: 4, zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 1,
  maxZoom: 9, wheelPxPerZoomLevel: 120 });
corridor.base(map);
// There is no server to tell of clicks; without that, a double click zooms again.
map.off("click");
map.doubleClickZoom.enable();
const scene = JSON.parse(document.getElementById("scene").textContent);
corridor.show(L.featureGroup().addTo(map), map, scene);

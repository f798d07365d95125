// The address of the page, to be handed on.

/** The page around this frame, which is of the same origin, has what the reader chose in its address. */
function pageAddress() {
  try {
    return window.parent.location.href;
  } catch {
    return window.location.href;
  }
}

/** Write where a map that the reader moved stands: latitude, longitude, zoom. */
function addressOfView(map) {
  const address = new URL(pageAddress());
  const { lat, lng } = map.getCenter();
  if (map.atlas.touched) address.searchParams.set("view", [lat.toFixed(3), lng.toFixed(3), map.getZoom()]);
  else address.searchParams.delete("view");
  return address.href;
}

/** Put the map where the address has it; what is no place in the address is passed over. */
function takeView(map) {
  const text = new URL(pageAddress()).searchParams.get("view") || "";
  if (!/^-?[0-9.]+,-?[0-9.]+,[0-9.]+$/.test(text)) return;
  const [lat, lon, zoom] = text.split(",").map(Number);
  if (!(Math.abs(lat) <= 85 && Math.abs(lon) <= 540 && zoom <= 14)) return;
  map.atlas.touched = true;
  map.setView([lat, lon], zoom, { animate: false });
}

async function copyLink(map) {
  const address = addressOfView(map);
  try {
    await navigator.clipboard.writeText(address);
    say(map, "Copied");
  } catch { // refused, or not there: only a page by https or of this computer may
    showLink(map, address);
  }
}

/** Show the link selected, so that one key copies it. */
function showLink(map, address) {
  if (map.linkBox) map.linkBox.remove();
  const field = element("input");
  field.readOnly = true;
  field.value = address;
  field.setAttribute("aria-label", "Link to this view; press Ctrl+C to copy it");
  const close = () => {
    map.linkBox.remove();
    map.tools.buttons.link.focus();
  };
  map.linkBox = L.control({ position: "topright" });
  map.linkBox.onAdd = () => {
    const box = element("div", "link-box");
    const button = element("button", "card-close", "×");
    button.setAttribute("aria-label", "Close the link");
    button.addEventListener("click", close);
    box.append(button, element("div", "", "Copy this link:"), field);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      event.stopPropagation(); // keys are for the field, not for the map
    });
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  map.linkBox.addTo(map);
  field.focus();
  field.select();
}

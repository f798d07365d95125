"""Offer to put a picture on the clipboard, where the browser can."""

import json

from streamlit.components.v1 import html as show_frame

_FRAME = """
<style>
  body {{ margin: 0; font: 14px "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; }}
  button {{ font: inherit; padding: 6px 12px; border: 1px solid #8886; border-radius: 4px;
    background: #fff; color: #22303a; cursor: pointer; }}
  button:focus-visible {{ outline: 2px solid #0072b2; }}
  span {{ margin-left: 10px; color: #7a858d; }}
</style>
<button type="button">Copy picture</button><span role="status"></span>
<script>
  const button = document.querySelector("button"), said = document.querySelector("span");
  const url = new URL({url}, window.parent.location.href);
  if (!navigator.clipboard || !window.ClipboardItem) {{
    button.disabled = true;
    said.textContent = "This browser can't copy pictures here: take the PNG below.";
  }}
  button.onclick = async () => {{
    try {{
      const picture = await (await fetch(url)).blob();
      await navigator.clipboard.write([new ClipboardItem({{ "image/png": picture }})]);
      said.textContent = "Copied";
    }} catch (refused) {{
      said.textContent = "The browser refused: take the PNG below.";
    }}
  }};
</script>
"""


def copy_button(url: str) -> None:
    """Show a button that copies the PNG that is served at an address of ours."""
    show_frame(_FRAME.format(url=json.dumps(url)), height=40)

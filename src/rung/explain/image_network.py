"""Show the first filters of a network of images, and its feature maps of one image."""

from __future__ import annotations

from rung.explain.explanation import Explanation
from rung.explain.image_parts import network_section

EXPLANATION = Explanation(name="image_network", make=network_section, kinds=("image",))

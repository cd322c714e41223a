"""GAN Studio: train GANs on your own pictures, watch the game, explore what was learned."""

import os

__version__ = "0.1.0"

# Torch's threads would spin for milliseconds after each operation, on the cores that other threads compute on then:
# a layer that is shared out in another way, the window. OpenMP reads this once, when torch is imported
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

"""GAN Studio: train GANs on your own pictures, watch the game, explore what was learned."""

__version__ = "0.1.0"

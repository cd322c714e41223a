"""Latent space: seeds, walks and recipes of latents."""

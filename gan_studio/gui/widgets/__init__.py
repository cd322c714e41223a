"""Controls that know nothing of GANs."""

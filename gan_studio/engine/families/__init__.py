"""Kinds of GAN, one file each. The registry finds every module of this folder by itself."""

from gan_studio.engine.families.registry import all_families, family_class, register_family

__all__ = ["all_families", "family_class", "register_family"]

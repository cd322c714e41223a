"""Starts GAN Studio's window: `python main.py`."""

from gan_studio.app import main

if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m gan_studio`: the command line."""

from gan_studio.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

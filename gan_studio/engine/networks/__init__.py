"""Networks and layers that several families are built from."""

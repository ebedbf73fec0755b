"""`python -m optin` is the `optin` command."""

from optin.cli import main

main()

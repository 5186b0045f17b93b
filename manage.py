#!/usr/bin/env python
"""Django's command line for Casebook."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casebook.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django est introuvable. Lancez la première commande du README, puis utilisez .venv/bin/python.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

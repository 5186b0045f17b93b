import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from casebook import demo
from casebook.text import NBSP


def port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise ArgumentTypeError(f"«{NBSP}{text}{NBSP}» n’est pas un port (de 1 à 65535)")


class Command(BaseCommand):
    help = "Prépare le site de démonstration (base, catalogue, comptes) puis le sert. Relancée, garde vos changements."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=port_number, default=8000, help="port du site (8000 par défaut)")
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="adresse d’écoute (cette machine seule par défaut)",
        )
        parser.add_argument("--reset", action="store_true", help="efface tout et recommence, après confirmation")
        parser.add_argument("--no-input", action="store_true", help="ne demande pas de confirmation")
        parser.add_argument("--no-serve", action="store_true", help="prépare la base sans servir le site")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("La démonstration ne se lance qu’en développement (DEBUG=1).")
        host, port, serve = options["host"], options["port"], not options["no_serve"]
        if serve:
            demo.check_port(host, port)
        demo.prepare_database()
        try:
            if options["reset"]:
                self.start_over(ask=not options["no_input"])
            self.prepare()
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"La base de données {demo.database_name()} refuse l’écriture{NBSP}: {reason}") from None
        self.tell(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        if serve:
            self.serve(host, port)

    def start_over(self, ask: bool) -> None:
        if ask:
            self.stdout.write(f"Tout sera effacé, comptes et modifications compris{NBSP}: {demo.database_name()}")
            try:
                answer = input(f"Tapez «{NBSP}oui{NBSP}» pour recommencer{NBSP}: ")
            except EOFError:
                answer = ""
            if answer.strip().casefold() != "oui":
                raise CommandError("Rien n’a été effacé.")
        demo.start_over()

    def prepare(self) -> None:
        demo.migrate()
        if demo.is_filled():
            self.stdout.write(f"Le catalogue est déjà là{NBSP}: il est gardé tel quel (--reset pour recommencer).")
            return
        self.stdout.write("Préparation du catalogue de démonstration…")
        demo.fill(self.stdout.write)

    def tell(self, address: str) -> None:
        self.stdout.write(f"{demo.published_line()}. Base de données{NBSP}: {demo.database_name()}\n")
        self.stdout.write(f"Le site{NBSP}: {address}")
        self.stdout.write(f"L’administration{NBSP}: {address}admin/")
        if names := demo.accounts():
            self.stdout.write(f"Comptes de démonstration (mot de passe{NBSP}: {demo.PASSWORD}){NBSP}:")
        for name in names:
            self.stdout.write(f"  {name:<16}{demo.ACCOUNTS[name][1]}")

    def serve(self, host: str, port: int) -> None:
        self.stdout.write("Ctrl-C pour arrêter.")
        self.stdout.flush()
        if host not in settings.ALLOWED_HOSTS:
            settings.ALLOWED_HOSTS.append(host)
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # what runserver says is said above, in French
            try:
                call_command("runserver", address, use_reloader=False, use_ipv6=":" in host, stdout=nowhere)
            except KeyboardInterrupt:
                sys.exit(0)

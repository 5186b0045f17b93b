"""Two people who save at the very same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from projects import roles
from projects.models import Mission
from projects.models.mission import State
from tests import factories
from tests.mission_form import change_url, form_data, member


@pytest.mark.django_db(transaction=True)
def test_second_of_two_simultaneous_saves_is_asked() -> None:
    mission = factories.make_mission("Accueil", state=State.DRAFT)
    clients = [member(group) for group in (roles.EDITEUR, roles.REDACTEUR)]
    sent = [form_data(client, change_url(mission)) | {"title": f"Titre {n}"} for n, client in enumerate(clients)]
    together = Barrier(2)

    def save(client: Any, data: Any) -> int:
        together.wait()
        try:
            return int(client.post(change_url(mission), data).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(save, clients, sent))

    saved = f"Titre {statuses.index(302)}"
    assert sorted(statuses) == [200, 302]
    assert Mission.objects.get().title == saved

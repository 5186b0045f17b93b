from people.models.collectivity import Collectivity, Department, Region
from people.models.consent import Consent
from people.models.person import Corps, Person
from people.models.promotion import Promotion

__all__ = ["Collectivity", "Consent", "Corps", "Department", "Person", "Promotion", "Region"]

"""The schemas ``registry`` and ``publication`` as GeoAlchemy2 models.

The migrations make the tables, with their checks, triggers and indexes; a test holds these models to the
result. Generated columns are computed by the database and never written.
"""

from geo_service.db.models.addresses import Address, Street
from geo_service.db.models.areas import (
    AreaMark,
    AreaMunicipality,
    AreaName,
    AreaRevision,
    Boundary,
    Contact,
    Document,
    Milestone,
    Municipality,
    MunicipalityMark,
    ProfileSection,
    ProgrammeArea,
    ProgrammePeriod,
    PublishRequest,
)
from geo_service.db.models.base import Base, Publication, Registry
from geo_service.db.models.entries import (
    Entry,
    EntryArea,
    EntryMark,
    EntryMunicipality,
    EntryRevision,
    PublishedEvent,
    PublishedNews,
    SitePage,
)
from geo_service.db.models.published import (
    AreaCount,
    Change,
    Dataset,
    PublishedArea,
    PublishedMunicipality,
    PublishedProfile,
    Withdrawal,
)

__all__ = [
    "Address",
    "AreaCount",
    "AreaMark",
    "AreaMunicipality",
    "AreaName",
    "AreaRevision",
    "Base",
    "Boundary",
    "Change",
    "Contact",
    "Dataset",
    "Document",
    "Entry",
    "EntryArea",
    "EntryMark",
    "EntryMunicipality",
    "EntryRevision",
    "Milestone",
    "Municipality",
    "MunicipalityMark",
    "ProfileSection",
    "ProgrammeArea",
    "ProgrammePeriod",
    "Publication",
    "PublishRequest",
    "PublishedArea",
    "PublishedEvent",
    "PublishedMunicipality",
    "PublishedNews",
    "PublishedProfile",
    "Registry",
    "SitePage",
    "Street",
    "Withdrawal",
]

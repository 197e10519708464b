"""What the school calls people and years. Pure: no database, no clock."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person is at the school. One person may hold several."""

    HEAD = "head", "Head teacher"
    DSL = "dsl", "Designated safeguarding lead"
    DEPUTY = "deputy", "Deputy safeguarding lead"
    COMPUTING = "computing", "Computing lead"
    TEACHER = "teacher", "Teacher"
    STAFF = "staff", "Member of staff"
    TECHNICIAN = "technician", "Technician"
    GOVERNOR = "governor", "Governor"
    PUPIL = "pupil", "Pupil"
    PARENT = "parent", "Parent or carer"
    VISITOR = "visitor", "Visitor"


# Who works here: they sign the staff agreement, and the web's staff pages are for them.
STAFF_ROLES = frozenset({Role.HEAD, Role.DSL, Role.DEPUTY, Role.COMPUTING, Role.TEACHER, Role.STAFF, Role.TECHNICIAN})


class YearGroup(TextChoices):
    """The national curriculum year, and the nursery years before it."""

    NURSERY_1 = "N1", "Nursery (2 to 3)"
    NURSERY_2 = "N2", "Nursery (3 to 4)"
    RECEPTION = "R", "Reception"
    YEAR_1 = "1", "Year 1"
    YEAR_2 = "2", "Year 2"
    YEAR_3 = "3", "Year 3"
    YEAR_4 = "4", "Year 4"
    YEAR_5 = "5", "Year 5"
    YEAR_6 = "6", "Year 6"


class GroupKind(TextChoices):
    """What a group is for."""

    CLASS = "class", "Class"


class Part(TextChoices):
    """What a person does in a group."""

    PUPIL = "pupil", "Pupil"
    TEACHER = "teacher", "Teacher"

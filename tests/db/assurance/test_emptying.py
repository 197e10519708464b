"""A test that commits can keep evidence: the shared fixture empties the table after it, and puts the triggers back."""

import pytest
from django.db import IntegrityError, transaction

from schoolgate.assurance import services
from schoolgate.assurance.models import Evidence

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("turn", [1, 2])
def test_committed_evidence_is_refused_to_change_and_gone_in_the_next_test(now, turn):
    assert not Evidence.objects.exists()
    assert services.collect(now, only={"POL-4"}).kept == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.all().delete()

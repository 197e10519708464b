"""The shared vectors, through the core and a real release."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.gate.core.names import canonical
from schoolgate.gate.core.who import Standing
from schoolgate.gate.release import Release
from schoolgate.kernel.errors import Malformed
from vector_files import EVENING, MALFORMED, Case, decisions, release_of_the_vectors


@pytest.fixture(scope="session")
def larkfield(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder: Path = tmp_path_factory.mktemp("vectors")
    return release_of_the_vectors(folder, Ed25519PrivateKey.generate())


@pytest.mark.parametrize("case", decisions(), ids=str)
def test_the_core_answers_the_shared_vectors(case: Case, larkfield: Release):
    if case.outcome == MALFORMED:
        with pytest.raises(Malformed):
            canonical(case.url)
        return
    standing = Standing(case.profile, "signed", "", None, case.person)
    verdict = larkfield.verdict(canonical(case.url), standing, case.at or EVENING, case.method)
    for part in ("outcome", "tier", "rule", "statement"):
        expected = getattr(case, part)
        assert expected is None or getattr(verdict, part) == expected, verdict
    assert verdict.release == larkfield.id
    assert verdict.because[0].rule == verdict.rule

from . import (
    test_birth,
    test_card,
    test_claim,
    test_coverage,
    test_decide,
    test_import,
    test_ledger,
    test_rate_limit,
    test_rights,
    test_term,
    test_warranty_rules,
)

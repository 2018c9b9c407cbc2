"""Every input that a run may have has a mapping's role, and a mapping its whole columns."""

from jifen_batch.inputs.roles import ROLES, STATEMENT_ROLE, SURVEYS_ROLE
from jifen_batch.tables.inputs import HOUSEHOLDERS
from jifen_batch.worker import options


def test_there_is_a_role_for_every_input_the_statement_and_the_surveys():
    assert {*ROLES} == {*options.ROLES, STATEMENT_ROLE, SURVEYS_ROLE}


def test_the_register_s_role_has_what_only_notices_read():
    assert {*HOUSEHOLDERS.names} <= {*ROLES["households"].names}

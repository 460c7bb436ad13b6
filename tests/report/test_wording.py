from dataclasses import fields

from rung.report.wording import TABLE


def test_a_table_counts_rows_out_of_fold_and_draws_three_losses():
    assert (TABLE.units, TABLE.scored, TABLE.step) == ("rows", "out-of-fold", "pass")
    assert list(TABLE.curves) == ["inner_loss", "inner_held_loss", "final_loss"]


def test_every_word_has_a_default_so_that_a_section_names_only_its_own():
    assert all(hasattr(TABLE, each.name) for each in fields(TABLE))

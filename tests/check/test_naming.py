from rung.check.naming import twins_of, words_of


def test_words_are_parted_at_signs_figures_and_capitals() -> None:
    assert words_of("PT08_S2_NMHC") == ("pt", "s", "nmhc")
    assert words_of("heatingLoad (kW)") == ("heating", "load", "k", "w")
    assert words_of("2019") == ()


def test_a_twin_shares_a_word_that_at_most_two_columns_have() -> None:
    names = ["Cooling Load", "Wall Area", "Roof Area"]
    assert twins_of("Heating Load", names) == {"Cooling Load"}
    assert twins_of("Glazing Area", [*names, "Surface Area"]) == set()
    assert twins_of("y", ["y_of_x"]) == set()

"""Hand over what is shown as files: a deck of slides, a page, data, and all of it in one ZIP.

`contents` says what goes in; `slides`, `webpage`, `data_files` and `tables` write the formats that
are no pictures, and `bundle` puts them together.
"""

"""Reads running text: what each number in a sentence says, and of what.

``passages`` joins the lines of print to paragraphs and sentences under their headings,
``lexer`` cuts a sentence into the words of ``seeds/vocabulary/narrative_*.csv``,
``grammar`` parses the words to phrases, ``figures`` says what each phrase states.
Nothing is checked here: whether the figures hold is decided in SQL.
"""

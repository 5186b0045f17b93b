"""Any text whatever, with what the rules of search look for more often than chance would give."""

from hypothesis import strategies as st

PIECES = [
    *(
        "l’",
        "d'",
        "qu’",
        "jusqu'à",
        "aujourd’hui",
        "C.C.A.S.",
        "3\u202f000",
        "1^{er}",
        "4.0",
        "agent.e.s",
        "acteur·rice",
    ),
    *("co-construction", "avant-projet", "porte-à-porte", "œuvre", "ÉCOLES", '"mot', 'mot"', '"', "«", "»", "-mot"),
    *(
        '-"a',
        'b"',
        "-",
        "--",
        "--a",
        "OU",
        "OR",
        "ET",
        "(",
        ")",
        "*",
        "%",
        "_",
        "\\",
        "\x00",
        "\ud800",
        "\udfff",
        "\u00ad",
    ),
    *(
        "\u200b",
        "\u0301",
        "é",
        "\uff46\uff55",
        "Ⅳ",
        "½",
        "ﷺ",
        "Ελληνικά",
        "العربية",
        "中文",
        "👩\u200d💻",
        "\U0010ffff",
        "İ",
    ),
]
characters = st.characters(exclude_categories=())  # lone surrogates too
any_text = st.one_of(
    st.text(characters, max_size=60),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(characters, max_size=4)), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
)

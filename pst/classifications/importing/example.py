"""A few dozen invented codes in two editions, for demos: marked as an example."""

from pst.classifications.importing import conversion_import
from pst.classifications.importing import editions as importing
from pst.list_files.runs import ListSource
from pst.reference_lists import DATA

SOURCE = "Contoh buatan sendiri, bukan daftar resmi"
EDITIONS = {
    "kbli-2020": "classification_example_before.csv",
    "kbli-2025": "classification_example.csv",
}
CONVERSION = "classification_example_conversion.csv"


def load() -> int:
    """Write the example in the caller's transaction; return how many codes it has."""
    source, count = ListSource(SOURCE, is_example=True), 0
    for slug, name in EDITIONS.items():
        with (DATA / name).open("rb") as file:
            codes, findings = importing.read(file, slug)
        importing.write(slug, codes, findings, source)
        count += len(codes)
    with (DATA / CONVERSION).open("rb") as file:
        ids, pairs, _ = conversion_import.read(file, ("kbli-2020", "kbli-2025"))
    conversion_import.write(ids, pairs)
    return count

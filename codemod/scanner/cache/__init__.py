"""What scans keep for the next one, on disk.

An entry holds the result of a scan in parts, and for each part the questions to the files that it
rests on, with their answers. A part counts again where every answer is still the same. Entries are
data of fixed types with a checksum; one that is damaged, foreign or made by another wfix is passed
over.
"""

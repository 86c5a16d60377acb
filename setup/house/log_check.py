"""No WARNING, ERROR or CRITICAL in an Odoo log; what is not ours and cannot be helped is allowed by its exact text."""

import re

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>[^:]+): (?P<text>.*)"
)
BAD = ("WARNING", "ERROR", "CRITICAL")
# What Odoo and its libraries say of themselves. Each entry is a whole sentence.
ALLOWED = (
    "PyPDF2 is deprecated. Please move to the pypdf library instead.",
    "Running as user 'root' is a security risk.",
)
NO_NEWS = ("Traceback", "The above exception", "During handling")


def findings(path):
    """Return the lines of a log that nobody may overlook, each with the first lines of its traceback."""
    result, open_entry = [], False
    for line in path.read_text(errors="replace").splitlines():
        entry = LINE.match(line)
        if entry:
            open_entry = entry["level"] in BAD and not any(text in line for text in ALLOWED)
            if open_entry:
                result.append(f"{entry['level']} {entry['logger']}: {entry['text']}")
        elif open_entry and line.strip():
            if any(text in line for text in ALLOWED):  # a Python warning: its text is on the second line
                result.pop()
                open_entry = False
            else:
                result[-1] += f"\n    {line}"
    return list(dict.fromkeys(_short(entry.splitlines()) for entry in result))


def _short(lines):
    """Keep of a long traceback what the exceptions say and where it ended; the log has all."""
    lines = [line for line in lines if line.strip(" ^~")]
    if len(lines) < 12:
        return "\n".join(lines)
    said = [
        line for line in lines[1:-6] if not line.startswith("     ") and not line.strip().startswith(NO_NEWS)
    ]
    return "\n".join([lines[0], *said[:8], "    ...", *lines[-6:]])

"""`make docs`: makes the generated parts of the manual anew."""

from tests.docs import generated
from tests.docs.pages import ROOT, read

for page in generated.stale():
    page.write_text(generated.renewed(read(page)), encoding="utf-8")
    print(f"renewed: {page.relative_to(ROOT)}")  # noqa: T201 (the command's answer)

"""What a page can be asked in any browser; how it is asked, its browser's class says."""

import importlib.util
import pathlib
import time

_package = importlib.util.find_spec("axe_core_python")
#: axe-core as PyPI's axe-core-python brings it along.
AXE = _package and pathlib.Path(_package.submodule_search_locations[0]) / "axe.min.js"


class Page:
    """`run` gives the value of a JavaScript expression, `close` ends the browser; `console` holds what the page complained about."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def wait_for(self, script, what, seconds=10):
        """Waits until an expression, or what it promises, is true; gives how long that took."""
        start = time.monotonic()
        while not self.run(f"Promise.resolve({script}).then(Boolean)"):
            assert time.monotonic() < start + seconds, f"did not come in {seconds} s: {what}; {self.console}"
            time.sleep(0.03)
        return time.monotonic() - start

    def middle(self, script):
        """Where to click on the element that an expression gives, in CSS pixels of the view."""
        self.run(f"({script}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
        return self.run(f"(b => [b.x + b.width / 2, b.y + b.height / 2])(({script}).getBoundingClientRect())")

    def faults(self):
        """The serious faults for people with a screen reader, or a keyboard alone, or weak eyes, that axe-core finds."""
        self.run(pathlib.Path(AXE).read_text() + "; 0")
        return self.run("""axe.run().then(({violations}) => violations
            .filter(({impact}) => ["serious", "critical"].includes(impact))
            .map(({id, nodes}) => [id, ...nodes.map(({target}) => target.join(" "))]))""")

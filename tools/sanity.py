# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run `ansible-test sanity` on a copy of the checkout: `sanity.py VENV`, with the ansible-core of that environment.

- ansible-test needs a checkout at `ansible_collections/codeless/apigateway`, and accepts no symlink. So it gets a copy
  of all files that are committed or could be, in `VENV/sanity`. The tools that it installs, in versions that each
  ansible-core pins, are there as well.
- It tests with each Python that ansible-core supports and this machine has, and names those that it does not find.
- It would download pip from its own site. Here pip comes from Python.
- Its import test has only the libraries of ansible-core. The local AWS needs more libraries, so they are installed for
  that test, in the versions of `requirements/`. Otherwise nearly each of its files would need an exemption.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import interpreters

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = (ROOT / "requirements" / "run.in", ROOT / "requirements" / "constraints.txt")
PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
# The files in which ansible-test of core 2.19 and core 2.21 look for the installer of pip before they download it.
PIP_INSTALLERS = ("get_pip_24_2.py", "get_pip_25_2.py")


def checkout_files() -> list[str]:
    """Return the paths of all files that are committed or could be, without the symlink to the checkout itself."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in names if name and not name.startswith("collections/") and (ROOT / name).exists()]


def copy_checkout(place: Path) -> None:
    """Copy the files of the checkout to a new git repository at `place`: ansible-test lists its files with git."""
    shutil.rmtree(place, ignore_errors=True)
    for name in checkout_files():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place / name)
    subprocess.run(["git", "init", "--quiet"], cwd=place, check=True)
    subprocess.run(["git", "add", "--all"], cwd=place, check=True)


def link(path: Path, target: Path) -> None:
    """Create a symlink, or replace an existing one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def lay_out(venv: Path) -> Path:
    """Create `VENV/sanity`: the copy, amazon.aws, the interpreters, and a home directory. Return the copy."""
    sanity = venv / "sanity"
    place = sanity / "ansible_collections" / "codeless" / "apigateway"
    copy_checkout(place)
    link(
        sanity / "ansible_collections" / "amazon",
        next(venv.glob("lib/python*/site-packages/ansible_collections/amazon")),
    )
    for version in PYTHONS:
        if path := interpreters.find(version):
            link(sanity / "bin" / f"python{version}", path)
    cache = sanity / "home" / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in PIP_INSTALLERS:
        (cache / name).write_text("import ensurepip\n\nensurepip.bootstrap()\n", encoding="utf-8")
    return place


def environment(venv: Path) -> dict[str, str]:
    """Return the environment of ansible-test, without pyenv's commands, which it would take for interpreters."""
    path = [entry for entry in os.get_exec_path() if Path(entry).name != "shims"]
    path = [str(venv / "sanity" / "bin"), str(venv / "bin"), *path]
    return {**os.environ, "HOME": str(venv / "sanity" / "home"), "PATH": os.pathsep.join(path)}


def run(venv: Path, place: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run ansible-test and print a dot for each test. Return its exit code and the lines of its output."""
    command = [str(venv / "bin" / "ansible-test"), "sanity", "--color", "no", *arguments]
    lines = []
    with subprocess.Popen(
        command, cwd=place, env=environment(venv), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if line.startswith("Running sanity test"):
                print(".", end="", flush=True)
    return process.returncode, lines


def install_libraries(venv: Path) -> None:
    """Install the libraries of the local AWS into each environment of the import test that lacks them."""
    wanted = "".join(path.read_text(encoding="utf-8") for path in LIBRARIES)
    for python in venv.glob("sanity/home/.ansible/test/venv/sanity.import.plugin/*/*/bin/python"):
        installed = python.parent / "libraries"
        if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
            continue
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        requirements = ["--requirement", str(LIBRARIES[0]), "--constraint", str(LIBRARIES[1])]
        subprocess.run([*pip, *requirements], check=True)
        installed.write_text(wanted, encoding="utf-8")


def relevant_lines(lines: Iterable[str], failed: bool) -> list[str]:
    """Return the lines to print: after a success the skipped tests, after a failure the errors, or all if none."""
    lines = list(dict.fromkeys(lines))
    if not failed:
        return [line for line in lines if "Skipping" in line]
    errors = [line for line in lines if line.startswith(("ERROR", "FATAL", "See doc"))]
    return errors if any(line.startswith("ERROR") for line in errors) else lines


def main(venv: Path) -> int:
    """Run the tests. Return the exit code of ansible-test."""
    place = lay_out(venv)
    core = subprocess.run([str(venv / "bin" / "ansible-test"), "--version"], capture_output=True, text=True, check=True)
    print(f"ansible-test sanity, {core.stdout.strip()} ", end="", flush=True)
    code, lines = run(venv, place, "--test", "import", "--prime-venvs")
    if code == 0:
        install_libraries(venv)
        code, lines = run(venv, place)
    print(" failed" if code else " done")
    print("".join(f"{line}\n" for line in relevant_lines(lines, code != 0)), end="")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))

"""What a thread frees it gets again, without the system in between."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, threading
from gan_studio.engine.allocator import keep_freed_memory, share_one_heap

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def activations(times):
    for _ in range(times):
        [bytearray(b"1") * (20 * 2**20) for _ in range(6)]

def work():
    activations(3)
    before = faults()
    activations(20)
    print(faults() - before)

share_one_heap()
keep_freed_memory()
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="says how the GNU C library hands out memory")
def test_a_thread_uses_its_memory_again() -> None:
    done = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, timeout=60, check=True)
    # 20 times 6 blocks of 5,120 pages, more than a heap of a thread holds: each could be a fault
    assert int(done.stdout) < 2_000
